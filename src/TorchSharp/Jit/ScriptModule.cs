using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>A TorchScript module.</summary>
        public class ScriptModule : nn.Module
        {
            private nint _handle;

            internal ScriptModule(nint handle) => _handle = handle;

            /// <summary>Gives the native module back where nobody disposed it.</summary>
            ~ScriptModule() => Dispose(false);

            /// <inheritdoc/>
            public override bool training
            {
                get
                {
                    Native.Check(Native.torchshim_module_is_training(Handle, out int training));
                    GC.KeepAlive(this);
                    return training != 0;
                }
            }

            private nint Handle
            {
                get
                {
                    ObjectDisposedException.ThrowIf(_handle == 0, this);
                    return _handle;
                }
            }

            /// <inheritdoc/>
            public override void train(bool on = true)
            {
                Native.Check(Native.torchshim_module_train(Handle, on ? 1 : 0));
                GC.KeepAlive(this);
            }

            /// <summary>Runs the method <c>forward</c>; see <see cref="invoke"/>.</summary>
            public object forward(params object[] input) => invoke("forward", input);

            /// <summary>Runs the method <c>forward</c>; see <see cref="invoke"/>.</summary>
            public object call(params object[] input) => invoke("forward", input);

            /// <summary>Runs a method.</summary>
            /// <param name="name">The method's name.</param>
            /// <param name="objs">Tensors, numbers, truth values, texts, or arrays of tensors or integers.</param>
            /// <returns>A tensor, a tuple of two or three, an array of tensors, or a <see cref="Scalar"/>.</returns>
            /// <exception cref="ExternalException">The method failed.</exception>
            public unsafe object invoke(string name, params object[] objs)
            {
                Argument[] arguments = [.. objs.Select(ToArgument)];
                byte[] memory = new byte[arguments.Sum(argument => argument.ExtraBytes)];
                NativeValue result;
                fixed (NativeValue* values = new NativeValue[arguments.Length])
                fixed (byte* extra = memory)
                {
                    byte* next = extra;
                    for (int i = 0; i < arguments.Length; i++)
                    {
                        arguments[i].Write(values + i, ref next);
                    }

                    Native.Check(Native.torchshim_module_call(Handle, name, values, arguments.Length, out result));
                }

                GC.KeepAlive(objs);
                GC.KeepAlive(this);
                return FromResult(result);
            }

            /// <inheritdoc/>
            public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Named(
                    0, recurse).Select(entry => (entry.Name, new Parameter(entry.Tensor, entry.Tensor.requires_grad)));

            /// <inheritdoc/>
            public override IEnumerable<(string name, Tensor buffer)> named_buffers(
                bool recurse = true, bool include_nonpersistent = true) => Named(1, recurse);

            /// <inheritdoc/>
            protected override void Dispose(bool disposing)
            {
                nint handle = Interlocked.Exchange(ref _handle, 0);
                if (handle != 0)
                {
                    Native.torchshim_module_free(handle);
                }
            }

            private static Argument ToArgument(object value) => value switch
            {
                null => default,
                Tensor tensor => tensor,
                Scalar scalar => scalar,
                bool truth => truth,
                int number => number,
                long number => number,
                float number => number,
                double number => number,
                string text => text,
                Tensor[] tensors => tensors,
                long[] numbers => numbers,
                _ => throw new ArgumentException($"TorchScript takes no {value.GetType().Name}."),
            };

            private static object FromResult(in NativeValue result)
            {
                switch (result.Kind)
                {
                    case ValueKind.Tensor:
                        return new Tensor((nint)result.Integer);
                    case ValueKind.TensorList:
                        return Operators.Tensors(result);
                    case ValueKind.Tuple:
                        Tensor[] tensors = Operators.Tensors(result);
                        return tensors.Length switch
                        {
                            1 => tensors[0],
                            2 => (tensors[0], tensors[1]),
                            3 => (tensors[0], tensors[1], tensors[2]),
                            _ => tensors,
                        };
                    default:
                        return new Scalar(result.Kind, result.Integer);
                }
            }

            private unsafe List<(string Name, Tensor Tensor)> Named(int buffers, bool recurse)
            {
                Native.Check(Native.torchshim_module_tensors(Handle, buffers, out NativeValue tensors, out NativeValue names));
                GC.KeepAlive(this);
                string text = Marshal.PtrToStringUTF8((nint)names.Pointer, names.Count);
                IEnumerable<(string Name, Tensor Tensor)> all = text.Split('\n').Zip(Operators.Tensors(tensors));
                return [.. all.Where(entry => recurse || !entry.Name.Contains('.', StringComparison.Ordinal))];
            }
        }

        /// <summary>A TorchScript module of one input.</summary>
        /// <typeparam name="T">The input.</typeparam>
        /// <typeparam name="TResult">The result.</typeparam>
        public sealed class ScriptModule<T, TResult> : ScriptModule
        {
            internal ScriptModule(nint handle)
                : base(handle)
            {
            }

            /// <summary>Runs the method <c>forward</c>.</summary>
            public TResult forward(T tensor) => (TResult)base.forward(tensor!);

            /// <summary>Runs the method <c>forward</c>.</summary>
            public TResult call(T input) => forward(input);
        }
    }
}
