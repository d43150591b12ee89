using System.Diagnostics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Tests.Libtorch;

/// <summary>How processes end that use libtorch. The child is this very program, told by an environment variable what to do.</summary>
public sealed class ProcessEndTests
{
    private const string Variable = "AUDITKIT_TEST_CHILD";

    [Fact]
    public void A_thread_that_is_inside_libtorch_at_the_end_does_not_crash_the_process()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal((3, ""), Run("busy"));
        }
    }

    [Fact]
    public void An_exception_that_nothing_can_catch_is_said_and_ends_with_exit_code_4()
    {
        (int exit, string said) = Run("terminate");

        Assert.Equal((int)ExitCode.Error, exit);
        Assert.StartsWith("auditkit: libtorch stopped", said);
        Assert.Single(said.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Convolutions_print_nothing() => Assert.Equal((0, ""), Run("convolve"));

    internal static void RunIfChild()
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case "busy":
                new Thread(() =>
                {
                    while (true)
                    {
                        Convolve();
                    }
                })
                { IsBackground = true }.Start();
                Thread.Sleep(200);
                Environment.Exit(3);
                break;
            case "terminate":
                // What MatrixProduct refuses, asked of TorchSharp itself.
                ones(2, 3).matmul(ones(2, 3));
                break;
            case "convolve":
                Convolve();
                Environment.Exit(0);
                break;
        }
    }

    private static void Convolve()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        F.conv2d(ones(8, 16, 32, 32), ones(16, 16, 3, 3)).sum().item<float>();
    }

    private static (int Exit, string Said) Run(string scenario)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ProcessEndTests).Assembly.Location])
        {
            Environment = { [Variable] = scenario },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, said + errors.Result);
    }
}
