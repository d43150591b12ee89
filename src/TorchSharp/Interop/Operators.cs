using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Calls any ATen operator by its schema's name, such as <c>add.Tensor</c>. Arguments are positional; trailing ones
/// may be left out, and <c>default</c> stands for None or the schema's default.
/// </summary>
internal static unsafe class Operators
{
    /// <summary>
    /// Lists and texts of a usual call fit here; longer ones (a concatenation of hundreds) go to the heap.
    /// </summary>
    private const int StackBytes = 512;

    private static readonly ConcurrentDictionary<string, nint> Found = new();

    /// <summary>The operator's one tensor.</summary>
    public static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return new Tensor(result.Integer == 0 ? Undefined(name) : (nint)result.Integer);
    }

    /// <summary>The operator's two tensors.</summary>
    public static (Tensor, Tensor) Call2(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[2];
        Invoke(name, arguments, results, 2);
        return (new Tensor((nint)results[0].Integer), new Tensor((nint)results[1].Integer));
    }

    /// <summary>The operator's three tensors.</summary>
    public static (Tensor, Tensor, Tensor) Call3(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[3];
        Invoke(name, arguments, results, 3);
        return (new Tensor((nint)results[0].Integer), new Tensor((nint)results[1].Integer), new Tensor((nint)results[2].Integer));
    }

    /// <summary>The operator's list of tensors.</summary>
    public static Tensor[] CallList(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return Tensors(result)!;
    }

    /// <summary>The operator's number or truth value.</summary>
    public static Scalar CallScalar(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return new Scalar(result.Kind, result.Integer);
    }

    /// <summary>Runs an operator of at most eight arguments that changes the first one, and returns that.</summary>
    public static Tensor Mutate(string name, Tensor target, params ReadOnlySpan<Argument> arguments)
    {
        Arguments8 all = default;
        all[0] = target;
        arguments.CopyTo(((Span<Argument>)all)[1..]);
        Invoke(name, ((ReadOnlySpan<Argument>)all)[..(arguments.Length + 1)], null, 0);
        return target;
    }

    /// <summary>Takes over the handles of a list that a native call returned; undefined tensors are null.</summary>
    public static Tensor[] Tensors(in NativeValue list)
    {
        var tensors = new Tensor[list.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            nint handle = ((nint*)list.Pointer)[i];
            tensors[i] = handle == 0 ? null! : new Tensor(handle);
        }

        return tensors;
    }

    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        if (!Found.TryGetValue(name, out nint found))
        {
            Native.Check(Native.torchshim_operator(name, out found));
            found = Found.GetOrAdd(name, found);
        }

        int bytes = 0;
        foreach (ref readonly Argument argument in arguments)
        {
            bytes += argument.ExtraBytes;
        }

        NativeValue* values = stackalloc NativeValue[arguments.Length];
        byte* memory = stackalloc byte[bytes <= StackBytes ? bytes : 0];
        void* heap = bytes <= StackBytes ? null : NativeMemory.Alloc((nuint)bytes);
        try
        {
            byte* extra = heap is null ? memory : (byte*)heap;
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i].Write(values + i, ref extra);
            }

            Native.Check(Native.torchshim_call(found, values, arguments.Length, results, capacity, out _));
        }
        finally
        {
            NativeMemory.Free(heap);
        }

        // The handles were taken out of these objects, whose finalizers must not run before the call is over.
        foreach (ref readonly Argument argument in arguments)
        {
            GC.KeepAlive(argument.Reference);
        }
    }

    private static nint Undefined(string name) =>
        throw new ExternalException($"aten::{name} returned an undefined tensor.");

    [InlineArray(8)]
    private struct Arguments8
    {
        private Argument _first;
    }
}
