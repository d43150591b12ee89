using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Stochastic gradient descent.</summary>
            /// <param name="parameters">What is changed.</param>
            /// <param name="learningRate">The learning rate.</param>
            /// <param name="momentum">The share of the last direction that is kept.</param>
            /// <param name="dampening">The share of the gradient that is left out of the direction.</param>
            /// <param name="weight_decay">λ of the L2 term λ·w that is added to the gradient.</param>
            /// <param name="nesterov">Whether the gradient is taken a step of the momentum ahead (Sutskever et al.
            /// 2013).</param>
            /// <param name="maximize">Whether to ascend.</param>
            public static SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            /// <inheritdoc cref="SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    public class SGD : OptimizerHelper, optim.IMomentum
    {
        private readonly ParamGroup _first;

        /// <summary>
        /// See <see cref="optim.SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>.
        /// </summary>
        public SGD(
            IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
        {
            _first = new ParamGroup(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize);
            add_param_group(_first);
        }

        /// <inheritdoc/>
        public double Momentum
        {
            get => _first.Momentum;
            set => _first.Momentum = value;
        }

        private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor grad, State state)
        {
            var settings = (ParamGroup)group;
            Tensor direction = settings.Maximize ? grad.neg() : grad;
            if (settings.WeightDecay != 0)
            {
                direction = direction.add(parameter, settings.WeightDecay);
            }

            if (settings.Momentum != 0)
            {
                Tensor buffer = state.Has(0)
                    ? state.Get(0, null!).mul_(settings.Momentum).add_(direction, 1 - settings.Dampening)
                    : state.Get(0, () => direction.detach().clone());
                direction = settings.Nesterov ? direction.add(buffer, settings.Momentum) : buffer;
            }

            parameter.add_(direction, -settings.LearningRate);
        }

        /// <summary>Parameters under settings of their own.</summary>
        public class ParamGroup : Modules.ParamGroup, optim.IMomentum
        {
            /// <summary>
            /// See <see cref="optim.SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>.
            /// </summary>
            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, lr)
            {
                if (nesterov && (momentum <= 0 || dampening != 0))
                {
                    throw new ArgumentException("Nesterov's momentum needs a momentum and no dampening.");
                }

                (Momentum, Dampening, WeightDecay, Nesterov, Maximize) = (momentum, dampening, weight_decay, nesterov, maximize);
            }

            /// <inheritdoc/>
            public double Momentum { get; set; }

            internal double Dampening { get; }

            internal double WeightDecay { get; }

            internal bool Nesterov { get; }

            internal bool Maximize { get; }
        }
    }
}
