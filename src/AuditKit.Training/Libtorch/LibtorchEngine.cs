using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using AuditKit.Models;
using TorchSharp;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// Starts libtorch, which everything that computes with it does here first. It is loaded when something needs gradients
/// or TorchScript and not before (half a gigabyte of libraries, half a second), with the settings that make its results
/// repeatable, and it is tried on convolutions whose results are known before anything relies on it.
/// </summary>
public static class LibtorchEngine
{
    /// <summary>The libtorch that TorchSharp's native half was compiled against.</summary>
    public const string Version = "2.10.0";

    private static readonly Lazy<IReadOnlyDictionary<string, nint>> s_libraries = new(LoadLibraries);
    private static readonly Lazy<ConvolutionKernels> s_kernels = new(TryOut);

    /// <summary>How convolutions are computed: by libtorch's own kernels, or with padded channels where those are wrong on this machine.</summary>
    /// <exception cref="AuditException">libtorch is not there, cannot be loaded, or computes wrong results.</exception>
    public static ConvolutionKernels Kernels => s_kernels.Value;

    /// <summary>The engine as reports and cards name it, with what its trial showed.</summary>
    /// <exception cref="AuditException">libtorch is not there, cannot be loaded, or computes wrong results.</exception>
    public static string Description => Kernels == ConvolutionKernels.Padded
        ? $"libtorch {Version}; it convolves some numbers of channels wrongly on this processor, so they are padded to multiples "
            + $"of {PaddedChannels.Multiple} (checked)"
        : $"libtorch {Version}, convolutions checked";

    /// <summary>Whether this libtorch was built for CUDA.</summary>
    /// <exception cref="AuditException">libtorch is not there or cannot be loaded.</exception>
    public static bool HasCuda => s_libraries.Value.ContainsKey(LibtorchLibraries.Cuda);

    /// <summary>Loads libtorch and tries it, the first time; afterwards it costs nothing.</summary>
    /// <exception cref="AuditException">libtorch is not there, cannot be loaded, or computes wrong results.</exception>
    public static void Start() => _ = s_kernels.Value;

    /// <summary>Makes a call of TorchSharp's that comes before <see cref="Start"/> load the same libtorch.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp would print to the console and copy libraries about where it finds none.")]
    internal static void AnswerTorchSharp() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (assembly, name) =>
        assembly.GetName().Name == nameof(TorchSharp) ? s_libraries.Value.GetValueOrDefault(name) : 0;

    private static ConvolutionKernels TryOut()
    {
        _ = s_libraries.Value;
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
        {
            torch.set_num_threads(Environment.ProcessorCount);
        }

        return ConvolutionTrial.Run();
    }

    private static Dictionary<string, nint> LoadLibraries()
    {
        // All are read when the library is loaded. Threads that spin while they wait take the cores from everybody else; those that sleep at once are
        // woken for every operation, which takes 0.06 to 0.13 ms: a short spin bridges the time between two operations. MKL adds in an order that
        // depends on where in memory a matrix happens to lie, unless it is told.
        NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "passive");
        NativeEnvironment.SetDefault("GOMP_SPINCOUNT", "3000");
        NativeEnvironment.SetDefault("MKL_CBWR", MklInstructions.Reproducible);
        Dictionary<string, nint> libraries = LibtorchLibraries.Load();
        var context = new LibtorchContext(libraries[LibtorchLibraries.Cpu]);
        context.DisableNnpack();
        NativeExit.Prepare();
        return libraries;
    }
}
