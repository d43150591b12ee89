using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>ONNX Runtime's CUDA engine: in builds made with <c>-p:Device=cuda</c>. It needs CUDA 13 and cuDNN 9.</summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";

    private static readonly string[] s_needs =
    [
        "libcuda.so.1", "libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10", "libcudnn.so.9",
    ];

    /// <summary>Refuses a device that models could not be run on, before anything is done.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="AuditException">This build, a library or the GPU is not there.</exception>
    public static void Require(Device device)
    {
        if (device.Gpu is { } gpu)
        {
            using var options = new SessionOptions();
            AddTo(options, gpu);
        }
    }

    /// <summary>Makes sessions of these options compute on a GPU.</summary>
    /// <param name="options">The options of a session to be opened.</param>
    /// <param name="gpu">The GPU's index.</param>
    /// <exception cref="AuditException">This build, a library or the GPU is not there. It never falls back to the CPU.</exception>
    public static void AddTo(SessionOptions options, int gpu)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Name))
        {
            throw new AuditException(
                "--device cuda: this build of AuditKit computes on processors alone. Build it with -p:Device=cuda, or give --device cpu.");
        }

        try
        {
            options.AppendExecutionProvider_CUDA(gpu);
        }
        catch (OnnxRuntimeException e)
        {
            string[] missing = OperatingSystem.IsLinux() ? [.. s_needs.Where(library => !CanLoad(library))] : [];
            throw new AuditException(
                $"--device cuda:{gpu} cannot be used. "
                + (missing.Length > 0 ? $"These libraries are missing: {string.Join(", ", missing)}. Install CUDA 13 and cuDNN 9, or give --device cpu. " : "")
                + $"ONNX Runtime says: {e.Text()}",
                inner: e);
        }
    }

    private static bool CanLoad(string library)
    {
        bool loads = NativeLibrary.TryLoad(library, out nint handle);
        if (loads)
        {
            NativeLibrary.Free(handle);
        }

        return loads;
    }
}
