using System.Reflection;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// Fetches libtorch's NuGet package by the .NET SDK: <c>Libtorch/Libtorch.csproj</c>, which lies beside the program, with
/// its lock file, names it.
/// </summary>
internal static class LibtorchPackage
{
    /// <summary>Whether this build was made for CUDA (<c>-p:Device=cuda</c>).</summary>
    public static bool HasCuda { get; } = typeof(LibtorchPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(note => note is { Key: "Device", Value: "cuda" });

    /// <summary>Fetches the libraries.</summary>
    /// <param name="folder">The folder to make. It comes into being whole, by a rename.</param>
    /// <exception cref="AuditException">There is no .NET SDK, no network, or no room.</exception>
    public static void Fetch(string folder)
    {
        string libtorch = $"libtorch {LibtorchEngine.Version}";
        LibtorchFolder.Announce($"fetching {libtorch} into {folder}; once, 130 MB to download …");
        PackageProject.Fetch("Libtorch", folder, () => LibtorchLibraries.FirstMissing(folder) is null, project =>
        {
            if (project.Build("Libraries", ("Into", project.Content), ("Device", HasCuda ? "cuda" : "cpu")) is { } reason)
            {
                throw new AuditException($"{libtorch} cannot be fetched: {reason} Gradients and TorchScript need it; with a network, '{ProgramName.Value} setup' "
                    + $"fetches it ahead of time, or set {LibtorchFolder.Variable} to a folder that holds it.", ExitCode.Error);
            }

            if (LibtorchLibraries.FirstMissing(project.Content) is { } missing)
            {
                throw new AuditException($"libtorch's package for this platform has no {missing}. Set {LibtorchFolder.Variable} "
                    + "to a folder that has.", ExitCode.Error);
            }
        });
    }
}
