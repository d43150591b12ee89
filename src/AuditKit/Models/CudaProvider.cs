using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>ONNX Runtime's CUDA engine, which comes as a library of its own and needs CUDA 13 and cuDNN 9.</summary>
internal static class CudaProvider
{
    /// <summary>The environment variable that says where the library lies, or its folder.</summary>
    public const string PathVariable = "AUDITKIT_ORT_CUDA";

    private const string Name = "CUDAExecutionProvider";
    private const string FileName = "libonnxruntime_providers_cuda.so";

    private static readonly string[] Needs =
    [
        "libcuda.so.1", "libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10", "libcudnn.so.9",
    ];

    private static readonly Lock Registering = new();

    private static bool _registered;

    /// <summary>Makes sessions of these options compute on a GPU.</summary>
    /// <param name="options">The options of a session to be opened.</param>
    /// <param name="gpu">The GPU's index.</param>
    /// <exception cref="AuditException">The library cannot be loaded, or there is no such GPU. It never falls back to the CPU.</exception>
    public static void AddTo(SessionOptions options, int gpu)
    {
        OrtEnv environment = OrtEnv.Instance();
        lock (Registering)
        {
            if (!_registered)
            {
                Register(environment, Locate());
                _registered = true;
            }
        }

        OrtEpDevice[] devices = [.. environment.GetEpDevices().Where(device => device.EpName == Name)];
        if (gpu >= devices.Length)
        {
            throw new AuditException($"There is no device cuda:{gpu}; ONNX Runtime sees {devices.Length} CUDA GPUs. Give --device cpu to run without one.");
        }

        options.AppendExecutionProvider(environment, [devices[gpu]], null);
    }

    private static string Locate()
    {
        string? given = Environment.GetEnvironmentVariable(PathVariable);
        string path = string.IsNullOrEmpty(given) ? Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", FileName)
            : Directory.Exists(given) ? Path.Combine(given, FileName)
            : given;
        return File.Exists(path)
            ? path
            : throw new AuditException(
                $"--device cuda needs ONNX Runtime's CUDA library, which is not at {path}. Install it (npm package "
                + $"com.github.asus4.onnxruntime.linux-x64-gpu) and set {PathVariable} to its folder, or give --device cpu.");
    }

    private static void Register(OrtEnv environment, string path)
    {
        try
        {
            environment.RegisterExecutionProviderLibrary(Name, path);
        }
        catch (OnnxRuntimeException e)
        {
            string[] missing = [.. Needs.Where(library => !CanLoad(library))];
            throw new AuditException(
                $"--device cuda: {path} cannot be loaded. "
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
