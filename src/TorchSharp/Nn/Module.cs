using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Something with parameters that behaves differently in training and evaluation.</summary>
        public abstract class Module : IDisposable
        {
            /// <summary>Whether the module behaves as in training.</summary>
            public abstract bool training { get; }

            /// <summary>The class of the module.</summary>
            public virtual string GetName() => GetType().Name;

            /// <summary>Has the module behave as in training, or not.</summary>
            public abstract void train(bool train = true);

            /// <summary>Has the module behave as in evaluation.</summary>
            public virtual void eval() => train(false);

            /// <summary>
            /// The parameters by name; <paramref name="recurse"/> includes those of the modules inside.
            /// </summary>
            public abstract IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true);

            /// <summary>The tensors that are no parameters, by name.</summary>
            public abstract IEnumerable<(string name, Tensor buffer)> named_buffers(
                bool recurse = true, bool include_nonpersistent = true);

            /// <summary>The parameters; <paramref name="recurse"/> includes those of the modules inside.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>The tensors that are no parameters.</summary>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            /// <summary>Gives the native module back.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Gives the native module back.</summary>
            protected abstract void Dispose(bool disposing);
        }
    }
}
