using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>
/// Opens sessions of ONNX Runtime. A few bytes of a damaged model (the padding of a convolution, the repeats of a Tile, the
/// end of a Range) can ask for more memory than there is, and the system ends a process that takes it. All sessions therefore
/// take the values that they compute from one pool of bounded size; beyond it an operator fails with an error.
/// </summary>
internal static class OnnxRuntimeSession
{
    /// <summary>The most bytes of computed values, the largest that the pool can be given: hundreds of times what a batch of images takes.
    /// Weights are not among them.</summary>
    public const uint MostBytes = uint.MaxValue;

    private static readonly Lazy<bool> s_pool = new(CreatePool);

    /// <summary>Makes a graph ready to run.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="threads">Threads that run it; 0 for as many as the machine has cores.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime cannot load it.</exception>
    /// <exception cref="AuditException">The device is not there.</exception>
    public static InferenceSession Open(Graph graph, int threads = 0, Device device = default)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            // Whatever goes wrong comes back as an exception; nothing is printed besides.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (s_pool.Value)
        {
            options.AddSessionConfigEntry("session.use_env_allocators", "1");
        }

        // Threads spin from operator to operator, which is worth a tenth, but not on into what comes between two runs.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        if (device.Gpu is { } gpu)
        {
            CudaProvider.AddTo(options, gpu);
        }

        return new InferenceSession(OnnxFile.ToBytes(graph), options);
    }

    // The environment keeps the pool as long as the process lives.
    private static bool CreatePool()
    {
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var pool = new OrtArenaCfg(MostBytes, -1, -1, -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(memory, pool);
        return true;
    }
}
