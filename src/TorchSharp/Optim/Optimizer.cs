using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimisers.</summary>
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>Reads and sets the learning rate of every group.</summary>
            public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

            /// <summary>Has the optimiser change further parameters.</summary>
            public abstract void add_param_group(ParamGroup param_group);

            /// <summary>The parameters that the optimiser changes.</summary>
            public abstract IEnumerable<Parameter> parameters();

            /// <summary>Changes every parameter that has a gradient.</summary>
            /// <param name="closure">Computes the loss and its gradients anew, or null where that is done.</param>
            /// <returns>The closure's loss; null without a closure.</returns>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            /// <summary>Sets all gradients to 0.</summary>
            public abstract void zero_grad();

            /// <summary>Disposes what the optimiser remembers of its parameters, not the parameters.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes what the optimiser remembers of its parameters.</summary>
            protected abstract void Dispose(bool disposing);
        }

        /// <summary>Something that learns at a rate.</summary>
        public interface ILearningRateController
        {
            /// <summary>The rate of the next step.</summary>
            double LearningRate { get; set; }

            /// <summary>The rate that schedules start from.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>Something with a momentum.</summary>
        public interface IMomentum
        {
            /// <summary>The share of the last direction that is kept.</summary>
            double Momentum { get; set; }
        }

        /// <summary>Something with decay rates of its two moments.</summary>
        public interface IBetas
        {
            /// <summary>The shares of the first and second moment that are kept.</summary>
            (double, double) Betas { get; set; }
        }
    }
}
