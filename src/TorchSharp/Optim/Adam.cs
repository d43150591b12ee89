using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam (Kingma and Ba 2015), weight decay as an L2 term of the gradient.</summary>
            /// <param name="parameters">What is changed.</param>
            /// <param name="lr">The learning rate.</param>
            /// <param name="beta1">The share of the first moment that is kept.</param>
            /// <param name="beta2">The share of the second moment that is kept.</param>
            /// <param name="eps">Added to the root of the second moment.</param>
            /// <param name="weight_decay">λ of the L2 term λ·w.</param>
            /// <param name="amsgrad">Whether the second moment never falls (Reddi et al. 2018).</param>
            /// <param name="maximize">Whether to ascend.</param>
            public static Adam Adam(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
            public static Adam Adam(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false,
                bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            /// <summary>
            /// AdamW (Loshchilov and Hutter 2019): weights shrink by lr·λ beside the gradient's step.
            /// </summary>
            /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
            public static AdamW AdamW(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            /// <inheritdoc cref="AdamW(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
            public static AdamW AdamW(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false,
                bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    public class Adam : OptimizerHelper, optim.IBetas
    {
        private readonly ParamGroup _first;

        /// <summary>
        /// See <see cref="optim.Adam(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>.
        /// </summary>
        public Adam(
            IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            _first = new ParamGroup(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
            add_param_group(_first);
        }

        /// <inheritdoc/>
        public (double, double) Betas
        {
            get => _first.Betas;
            set => _first.Betas = value;
        }

        /// <summary>
        /// The gradient with the decay in it; the weights themselves where the decay is beside the gradient.
        /// </summary>
        private protected virtual Tensor Decay(ParamGroup settings, Parameter parameter, Tensor grad) =>
            grad.add(parameter, settings.WeightDecay);

        private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor grad, State state)
        {
            var settings = (ParamGroup)group;
            (double beta1, double beta2) = settings.Betas;
            Tensor direction = settings.Maximize ? grad.neg() : grad;
            if (settings.WeightDecay != 0)
            {
                direction = Decay(settings, parameter, direction);
            }

            Tensor mean = state.Get(0, () => zeros_like(parameter)).mul_(beta1).add_(direction, 1 - beta1);
            Tensor variance = state.Get(1, () => zeros_like(parameter)).mul_(beta2).addcmul_(direction, direction, 1 - beta2);
            if (settings.AmsGrad)
            {
                Tensor largest = state.Get(2, () => zeros_like(parameter));
                variance = largest.copy_(largest.maximum(variance));
            }

            double correction1 = 1 - Math.Pow(beta1, state.Step);
            double correction2 = 1 - Math.Pow(beta2, state.Step);
            Tensor scale = variance.sqrt().div_(Math.Sqrt(correction2)).add_(settings.Epsilon);
            parameter.addcdiv_(mean, scale, -settings.LearningRate / correction1);
        }

        /// <summary>Parameters under settings of their own.</summary>
        public class ParamGroup : Modules.ParamGroup, optim.IBetas
        {
            /// <summary>
            /// See <see cref="optim.Adam(IEnumerable{Parameter}, double, double, double, double, double, bool,
            /// bool)"/>.
            /// </summary>
            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, lr)
            {
                (Betas, Epsilon, WeightDecay, AmsGrad, Maximize) = ((beta1, beta2), eps, weight_decay, amsgrad, maximize);
            }

            /// <inheritdoc/>
            public (double, double) Betas { get; set; }

            internal double Epsilon { get; }

            internal double WeightDecay { get; }

            internal bool AmsGrad { get; }

            internal bool Maximize { get; }
        }
    }

    /// <summary>AdamW (Loshchilov and Hutter 2019).</summary>
    public class AdamW : Adam
    {
        /// <summary>
        /// See <see cref="optim.AdamW(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>.
        /// </summary>
        public AdamW(
            IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        private protected override Tensor Decay(ParamGroup settings, Parameter parameter, Tensor grad)
        {
            parameter.mul_(1 - (settings.LearningRate * settings.WeightDecay));
            return grad;
        }
    }
}
