namespace AuditKit.Training.Libtorch;

/// <summary>
/// Where libtorch lies: in the folder that <c>AUDITKIT_LIBTORCH</c> names, such as <c>torch/lib</c> of a Python
/// installation that has CUDA, or else in one of the user's, filled from NuGet the first time.
/// </summary>
public static class LibtorchFolder
{
    /// <summary>The environment variable that names a libtorch to take instead.</summary>
    public const string Variable = "AUDITKIT_LIBTORCH";

    /// <summary>Told before something is fetched, which takes a while. Silent unless set.</summary>
    public static Action<string> Announce { get; set; } = _ => { };

    /// <summary>Whether the user named the folder.</summary>
    internal static bool IsUsers => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The user's own folder, whether it is there or not: <c>~/.local/share/auditkit/libtorch-2.10.0</c> on Linux.</summary>
    public static string Own
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length > 0
                ? Path.Combine(data, "auditkit", $"libtorch-{LibtorchEngine.Version}{(LibtorchPackage.HasCuda ? "-cuda" : "")}")
                : throw new AuditException($"libtorch has no place: set HOME, or {Variable} to the folder of a libtorch "
                    + $"{LibtorchEngine.Version}.", ExitCode.Error);
        }
    }

    /// <summary>Whether libtorch can be started without fetching anything.</summary>
    public static bool IsThere => IsUsers || LibtorchLibraries.FirstMissing(Own) is null;

    /// <summary>The folder to load libtorch from; what it needs is fetched where it is not there yet.</summary>
    /// <exception cref="AuditException">The folder that the user named holds no libtorch, or it cannot be fetched.</exception>
    public static string Find()
    {
        if (IsUsers)
        {
            string named = Path.GetFullPath(Environment.GetEnvironmentVariable(Variable)!);
            return LibtorchLibraries.FirstMissing(named) is { } missing
                ? throw new AuditException(
                    $"{Variable}: {named} holds no libtorch: {missing} is missing. Name the folder that its libraries lie in (\"lib\" of a libtorch, "
                    + $"\"torch/lib\" of a Python installation), version {LibtorchEngine.Version}, or unset the variable to have it fetched.",
                    ExitCode.Error)
                : named;
        }

        string own = Own;
        if (LibtorchLibraries.FirstMissing(own) is not null)
        {
            LibtorchPackage.Fetch(own);
        }

        return own;
    }
}
