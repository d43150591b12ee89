using System.Diagnostics;

namespace AuditKit.Cli.Tests;

/// <summary>An audit and its reports, on a machine that has no network, with every call that touches sockets written down.</summary>
public sealed class NetworkTests
{
    [Fact]
    public void A_whole_audit_opens_no_socket_of_the_internet_and_says_nothing_of_networks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Works("unshare", "--net", "strace", "--version"),
            "needs root, unshare and strace: apt-get install strace");
        using var audit = new SmallAudit();
        string trace = Path.Combine(audit.Folder, "sockets");
        ProcessStartInfo audited = CommandLine.StartInfo(audit.Folder, "run", "audit.yaml", "--out", "run");
        ProcessStartInfo start = new("unshare",
            ["--net", "strace", "-f", "-qq", "-e", "trace=%network", "-o", trace, audited.FileName, .. audited.ArgumentList])
        {
            WorkingDirectory = audit.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        (ExitCode exit, string output) = CommandLine.Run(start);

        Assert.True(exit == ExitCode.Pass, output);
        Assert.NotEmpty(audit.Read("report.pdf"));
        Assert.DoesNotContain("bundle", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("telemetry", output, StringComparison.OrdinalIgnoreCase);
        string[] calls = File.ReadAllLines(trace);
        Assert.Contains(calls, line => line.Contains("AF_UNIX", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, line => line.Contains("AF_INET", StringComparison.Ordinal));
    }

    private static bool Works(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
