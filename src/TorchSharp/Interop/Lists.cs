using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Passes lists of tensors to the entry points that are no operators.</summary>
internal static unsafe class Lists
{
    /// <summary>A native call that takes three lists.</summary>
    public delegate void Body(in NativeValue first, in NativeValue second, in NativeValue third);

    /// <summary>Calls <paramref name="body"/> with the lists, null ones being empty.</summary>
    public static void Pass(IList<Tensor>? first, IList<Tensor>? second, IList<Tensor>? third, Body body)
    {
        nint[] a = Handles(first), b = Handles(second), c = Handles(third);
        fixed (nint* pa = a, pb = b, pc = c)
        {
            body(Value(pa, a.Length), Value(pb, b.Length), Value(pc, c.Length));
        }

        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
    }

    private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor.Handle)];

    private static NativeValue Value(nint* handles, int count) =>
        new() { Kind = ValueKind.TensorList, Count = count, Pointer = handles };
}
