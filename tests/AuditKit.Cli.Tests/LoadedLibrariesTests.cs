using System.Diagnostics;

namespace AuditKit.Cli.Tests;

/// <summary>What a process loads, as the dynamic linker says it.</summary>
public sealed class LoadedLibrariesTests
{
    [Fact]
    public void An_audit_without_gradients_never_loads_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "asks glibc's dynamic linker");
        using var audit = new SmallAudit();

        string[] loaded = Loaded(audit, ["run", "audit.yaml", "--out", "run"]);

        Assert.Contains(loaded, line => line.Contains("libonnxruntime", StringComparison.Ordinal));
        Assert.DoesNotContain(loaded, line => line.Contains("torch", StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Loaded(SmallAudit audit, string[] arguments)
    {
        string folder = Directory.CreateDirectory(Path.Combine(audit.Folder, "linker")).FullName;
        ProcessStartInfo start = CommandLine.StartInfo(audit.Folder, arguments);
        start.Environment["LD_DEBUG"] = "files";
        start.Environment["LD_DEBUG_OUTPUT"] = Path.Combine(folder, "loaded");
        (ExitCode exit, string output) = CommandLine.Run(start);
        Assert.True(exit == ExitCode.Pass, output);
        return [.. Directory.EnumerateFiles(folder).SelectMany(File.ReadLines).Where(line => line.Contains("calling init:", StringComparison.Ordinal))];
    }
}
