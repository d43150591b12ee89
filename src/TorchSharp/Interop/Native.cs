using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// The C interface of native/torchshim.h. libtorch is loaded by the first call: half a second and 155 MB that
/// nobody pays who needs no gradients.
/// </summary>
internal static unsafe partial class Native
{
    private const string Library = "torchshim";

    static Native()
    {
        // OpenMP threads that spin while they wait take the cores from everybody else. The library reads the
        // variable when it is loaded, and sees what native setenv wrote, not what Environment holds.
        _ = setenv("OMP_WAIT_POLICY", "passive", 0);
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Load);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => BeforeExit();
        Check(torchshim_initialise(Environment.ProcessorCount));
    }

    /// <summary>Throws what libtorch reported.</summary>
    /// <param name="code">What an entry point returned.</param>
    /// <exception cref="ExternalException">The code is not 0.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(int code)
    {
        if (code != 0)
        {
            Throw();
        }
    }

    /// <summary>Where another thread is still loading libtorch, the call waits for that.</summary>
    private static void BeforeExit()
    {
        try
        {
            torchshim_before_exit();
        }
        catch (TypeInitializationException)
        {
            // libtorch could not be loaded, which was reported where it was needed.
        }
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)torchshim_error()));

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? paths)
    {
        if (name != Library)
        {
            return 0;
        }

        string path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libtorchshim.so");
        if (!File.Exists(path))
        {
            throw new DllNotFoundException($"{path} is missing. Run ./auditkit setup, which compiles it, and build again.");
        }

        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"libtorch cannot be loaded. Run ./auditkit setup. {e.Message}", e);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)]
    private static partial int torchshim_initialise(int threads);

    [LibraryImport(Library)]
    private static partial void torchshim_before_exit();

    [LibraryImport(Library)]
    private static partial byte* torchshim_error();

    [LibraryImport(Library)]
    internal static partial byte* torchshim_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int torchshim_operator(string name, out nint found);

    [LibraryImport(Library)]
    internal static partial int torchshim_call(
        nint found, NativeValue* arguments, int count, NativeValue* results, int capacity, out int returned);

    [LibraryImport(Library)]
    internal static partial void torchshim_tensor_free(nint tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int torchshim_tensor_info(nint tensor, out TensorInfo info);

    [LibraryImport(Library)]
    internal static partial int torchshim_tensor_data(nint tensor, out nint data);

    [LibraryImport(Library)]
    internal static partial int torchshim_tensor_alias(nint tensor, out nint alias);

    [LibraryImport(Library)]
    internal static partial int torchshim_is_leaf(nint tensor, out int leaf);

    [LibraryImport(Library)]
    internal static partial int torchshim_set_requires_grad(nint tensor, int requiresGrad);

    [LibraryImport(Library)]
    internal static partial int torchshim_retain_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int torchshim_get_grad(nint tensor, out nint grad);

    [LibraryImport(Library)]
    internal static partial int torchshim_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    internal static partial int torchshim_backward(
        in NativeValue tensors, in NativeValue grads, in NativeValue inputs, int retainGraph, int createGraph);

    [LibraryImport(Library)]
    internal static partial int torchshim_grad(
        in NativeValue outputs, in NativeValue inputs, in NativeValue grads, int retainGraph, int createGraph, int allowUnused,
        out NativeValue results);

    [LibraryImport(Library)]
    internal static partial int torchshim_grad_mode();

    [LibraryImport(Library)]
    internal static partial void torchshim_set_grad_mode(int enabled);

    [LibraryImport(Library)]
    internal static partial int torchshim_is_inference_mode();

    [LibraryImport(Library)]
    internal static partial int torchshim_enter_inference_mode(int enabled, out nint guard);

    [LibraryImport(Library)]
    internal static partial void torchshim_leave_inference_mode(nint guard);

    [LibraryImport(Library)]
    internal static partial int torchshim_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial int torchshim_generator(int deviceType, int deviceIndex, out nint generator);

    [LibraryImport(Library)]
    internal static partial int torchshim_generator_new(long seed, int deviceType, int deviceIndex, out nint generator);

    [LibraryImport(Library)]
    internal static partial void torchshim_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial int torchshim_generator_seed(nint generator, long seed);

    [LibraryImport(Library)]
    internal static partial int torchshim_generator_initial_seed(nint generator, out long seed);

    [LibraryImport(Library)]
    internal static partial int torchshim_generator_get_state(nint generator, out nint state);

    [LibraryImport(Library)]
    internal static partial int torchshim_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial int torchshim_get_threads();

    [LibraryImport(Library)]
    internal static partial int torchshim_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int torchshim_get_interop_threads();

    [LibraryImport(Library)]
    internal static partial int torchshim_set_interop_threads(int count);

    [LibraryImport(Library)]
    internal static partial int torchshim_cuda_devices(out int count, out int cudnn);

    [LibraryImport(Library)]
    internal static partial int torchshim_cuda_synchronize(int deviceIndex);

    [LibraryImport(Library)]
    internal static partial int torchshim_deterministic();

    [LibraryImport(Library)]
    internal static partial int torchshim_set_deterministic(int enabled, int warnOnly);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int torchshim_module_load(string path, int deviceType, int deviceIndex, out nint module);

    [LibraryImport(Library)]
    internal static partial int torchshim_module_load_bytes(
        byte* bytes, long count, int deviceType, int deviceIndex, out nint module);

    [LibraryImport(Library)]
    internal static partial void torchshim_module_free(nint module);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int torchshim_module_call(
        nint module, string method, NativeValue* arguments, int count, out NativeValue result);

    [LibraryImport(Library)]
    internal static partial int torchshim_module_train(nint module, int training);

    [LibraryImport(Library)]
    internal static partial int torchshim_module_is_training(nint module, out int training);

    [LibraryImport(Library)]
    internal static partial int torchshim_module_to(nint module, int deviceType, int deviceIndex);

    [LibraryImport(Library)]
    internal static partial int torchshim_module_tensors(
        nint module, int buffers, out NativeValue tensors, out NativeValue names);
}

/// <summary>What a value holds: <c>Kind</c> of native/torchshim.h.</summary>
internal enum ValueKind
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    TensorList,
    String,
    Device,
    Generator,
    Tuple,
    BoolList,
}

/// <summary>A tagged value: <c>Value</c> of native/torchshim.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct NativeValue
{
    [FieldOffset(0)]
    public ValueKind Kind;

    [FieldOffset(4)]
    public int Count;

    [FieldOffset(8)]
    public long Integer;

    [FieldOffset(8)]
    public double Real;

    [FieldOffset(8)]
    public void* Pointer;
}

/// <summary><c>TensorInfo</c> of native/torchshim.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct TensorInfo
{
    public readonly long Dimensions;
    public readonly long* Sizes;
    public readonly long* Strides;
    public readonly long Elements;
    public readonly long Bytes;
    public readonly int Type;
    public readonly int ElementSize;
    public readonly int DeviceType;
    public readonly int DeviceIndex;
    public readonly int RequiresGrad;
    public readonly int Contiguous;
}
