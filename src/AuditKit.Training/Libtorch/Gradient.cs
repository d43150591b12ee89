using static TorchSharp.torch;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// The gradient of one tensor with respect to another. TorchSharp's <c>autograd.grad</c> lets libtorch's exceptions end the
/// process; its <c>autograd.backward</c> does not.
/// </summary>
internal static class Gradient
{
    /// <summary>The vector-Jacobian product vᵀ·∂output/∂input.</summary>
    /// <param name="output">What is differentiated; a scalar where no vector is given.</param>
    /// <param name="input">A leaf that requires a gradient.</param>
    /// <param name="vector">v, of the output's shape; null for 1.</param>
    /// <returns>A tensor of the input's shape.</returns>
    /// <exception cref="InvalidOperationException">The output does not depend on the input.</exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">An operator has no gradient; libtorch's message.</exception>
    public static Tensor Of(Tensor output, Tensor input, Tensor? vector = null)
    {
        input.grad = null;
        autograd.backward([output], [vector ?? ones_like(output)], inputs: [input]);
        Tensor gradient = input.grad ?? throw new InvalidOperationException("the result does not depend on the input");
        input.grad = null;
        return gradient;
    }
}
