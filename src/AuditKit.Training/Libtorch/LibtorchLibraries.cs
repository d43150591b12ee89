using System.Runtime.InteropServices;

namespace AuditKit.Training.Libtorch;

/// <summary>libtorch's native libraries and TorchSharp's native half, loaded into the process in the order of their needs.</summary>
internal static class LibtorchLibraries
{
    /// <summary>The name that TorchSharp calls its native half by.</summary>
    public const string Binding = "LibTorchSharp";

    /// <summary>The library that holds libtorch's operators for processors.</summary>
    public const string Cpu = "torch_cpu";

    /// <summary>The library that holds libtorch's operators for GPUs.</summary>
    public const string Cuda = "torch_cuda";

    // Those for CUDA are there in a libtorch that was built with it.
    private static readonly string[] s_required = ["c10", Cpu, "torch"];
    private static readonly string[] s_cuda = ["c10_cuda", Cuda];

    /// <summary>Loads them all.</summary>
    /// <returns>The handles by the names that TorchSharp uses.</returns>
    /// <exception cref="AuditException">One is missing or cannot be loaded.</exception>
    public static Dictionary<string, nint> Load()
    {
        string folder = LibtorchFolder.Find();
        var handles = new Dictionary<string, nint>();
        foreach (string name in s_required.SkipLast(1).Concat(s_cuda).Append(s_required[^1]))
        {
            string path = Path.Combine(folder, FileName(name));
            if (File.Exists(path))
            {
                handles[name] = LoadFile(path);
            }
        }

        // The others refer to it by its name and find it loaded.
        handles[Binding] = LoadFile(CompatibleBinding.Prepare(Path.Combine(AppContext.BaseDirectory, FileName(Binding)), folder));
        return handles;
    }

    /// <summary>The first library that a folder lacks; null where it has all that are needed.</summary>
    public static string? FirstMissing(string folder) =>
        s_required.Select(FileName).FirstOrDefault(file => !File.Exists(Path.Combine(folder, file)));

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static nint LoadFile(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new AuditException(
                $"libtorch cannot be loaded: {e.Message.ReplaceLineEndings(" ").Trim()} AuditKit needs libtorch {LibtorchEngine.Version}"
                + (LibtorchFolder.IsUsers ? $"; {LibtorchFolder.Variable} names another folder's." : "."),
                ExitCode.Error, e);
        }
    }
}
