namespace AuditKit.Cli.Tests;

/// <summary>What nobody foresaw: one line, exit code 4, no trace.</summary>
[Collection("standard error")]
public sealed class InternalErrorTests
{
    [Fact]
    public void A_defect_is_one_line_that_says_where_and_asks_to_be_reported()
    {
        (ExitCode exit, string line) = Told(() => _ = new int[1].ElementAt(2));
        Assert.Equal(ExitCode.Error, exit);
        Assert.Matches(@"^auditkit: internal error: ArgumentOutOfRangeException in \S+: .*please report this line and the command\.\n$", line);
        Assert.DoesNotContain("   at ", line);
    }

    [Fact]
    public void Of_several_threads_that_failed_the_first_is_told_as_if_it_were_alone()
    {
        (ExitCode exit, string line) = Told(() => Parallel.For(0, 4, _ => throw new AuditException("a.csv:\n2: what to do", ExitCode.Error)));
        Assert.Equal((ExitCode.Error, "auditkit: a.csv: 2: what to do\n"), (exit, line));
    }

    private static (ExitCode ExitCode, string Line) Told(Action work)
    {
        TextWriter console = Console.Error;
        using var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            return (Program.Report(Record.Exception(work)!), errors.ToString());
        }
        finally
        {
            Console.SetError(console);
        }
    }
}
