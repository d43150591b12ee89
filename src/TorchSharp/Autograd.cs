using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Switches the recording of gradients off on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Switches the recording of gradients on, or off, on this thread until the result is disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    /// <summary>Switches the recording of gradients on or off on this thread until the result is disposed.</summary>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Whether gradients are recorded on this thread.</summary>
    public static bool is_grad_enabled() => Native.torchshim_grad_mode() != 0;

    /// <summary>
    /// Leaves out all that autograd would need, on this thread until the result is disposed: faster than
    /// <see cref="no_grad"/>, but tensors made meanwhile can never take part in a backward pass.
    /// </summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    /// <summary>Whether this thread is in inference mode.</summary>
    public static bool is_inference_mode_enabled() => Native.torchshim_is_inference_mode() != 0;

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        public GradMode(bool enabled) => Native.torchshim_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => Native.torchshim_set_grad_mode(_before ? 1 : 0);
    }

    private sealed class InferenceMode : IDisposable
    {
        private nint _guard;

        public InferenceMode(bool enabled) =>
            Native.Check(Native.torchshim_enter_inference_mode(enabled ? 1 : 0, out _guard));

        public void Dispose() => Native.torchshim_leave_inference_mode(Interlocked.Exchange(ref _guard, 0));
    }

    /// <summary>Gradients.</summary>
    public static class autograd
    {
        /// <summary>
        /// Adds the gradients of the tensors to the <c>grad</c> of the leaves that they were computed from.
        /// </summary>
        /// <param name="tensors">What is differentiated.</param>
        /// <param name="grad_tensors">The gradient of each tensor; null for scalars, whose gradient is 1.</param>
        /// <param name="retain_graph">Whether the graph can be gone through again; as <paramref name="create_graph"/>
        /// if null.</param>
        /// <param name="create_graph">Whether the gradients can be differentiated in turn.</param>
        /// <param name="inputs">The leaves that get gradients; null for all.</param>
        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            Lists.Pass(tensors, grad_tensors, inputs, (in NativeValue t, in NativeValue g, in NativeValue i) =>
                Native.Check(Native.torchshim_backward(
                    t, g, i, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0)));

        /// <summary>
        /// Adds the gradients of a tensor to the <c>grad</c> of the leaves that it was computed from.
        /// </summary>
        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>
        /// Adds the gradients of a tensor to the <c>grad</c> of the leaves that it was computed from.
        /// </summary>
        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// The gradients of the sum of the outputs with respect to the inputs; leaves' <c>grad</c> is not touched.
        /// </summary>
        /// <param name="outputs">What is differentiated.</param>
        /// <param name="inputs">With respect to what.</param>
        /// <param name="grad_outputs">The gradient of each output; null for scalars, whose gradient is 1.</param>
        /// <param name="retain_graph">Whether the graph can be gone through again.</param>
        /// <param name="create_graph">Whether the gradients can be differentiated in turn.</param>
        /// <param name="allow_unused">Whether an input may be unrelated to the outputs; its gradient is then
        /// null.</param>
        /// <returns>One gradient an input, of its shape.</returns>
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            NativeValue result = default;
            Lists.Pass(outputs, inputs, grad_outputs, (in NativeValue o, in NativeValue i, in NativeValue g) =>
                Native.Check(Native.torchshim_grad(
                    o, i, g, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, out result)));
            return Tensors(result);
        }
    }

    public partial class Tensor
    {
        /// <summary>
        /// Adds the gradients of this scalar to the <c>grad</c> of the leaves that it was computed from.
        /// </summary>
        public void backward() => autograd.backward(this);

        /// <summary>
        /// Adds the gradients of this tensor to the <c>grad</c> of the leaves that it was computed from.
        /// </summary>
        /// <param name="grad_tensors">The gradient of this tensor; null for a scalar, whose gradient is 1.</param>
        /// <param name="retain_graph">Whether the graph can be gone through again.</param>
        /// <param name="create_graph">Whether the gradients can be differentiated in turn.</param>
        /// <param name="inputs">The leaves that get gradients; null for all.</param>
        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph || create_graph, create_graph, inputs);

        /// <summary>Sets whether autograd records what is done with the tensor, and returns it.</summary>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Sets whether autograd records what is done with the tensor, and returns it.</summary>
        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Has autograd keep the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad()
        {
            Native.Check(Native.torchshim_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>The same data, without history.</summary>
        public Tensor detach() => Call("detach", this);

        /// <summary>Forgets the history.</summary>
        public Tensor detach_() => Mutate("detach_", this);
    }
}
