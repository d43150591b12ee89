namespace TorchSharp.Modules
{
    /// <summary>A tensor that is trained.</summary>
    public class Parameter : torch.Tensor
    {
        /// <summary>Takes the tensor over, which is empty afterwards, and its place in its scope.</summary>
        /// <param name="data">The values, without history.</param>
        /// <param name="requires_grad">Whether gradients are computed.</param>
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : base(data.Surrender(out DisposeScope? owner), owner)
        {
            this.requires_grad = requires_grad;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Makes a tensor a parameter, which takes it over.</summary>
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
