using System.Diagnostics;
using AuditKit.Tests;

namespace AuditKit.Cli.Tests;

/// <summary>The launcher and the set-up in a checkout of their own, with stand-ins for dotnet and npm that only say what they are asked.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string Dotnet = """
        #!/bin/sh
        echo "dotnet $1 in $PWD"
        case $1 in
          publish) while [ "$1" != -o ]; do shift; done; mkdir -p "$2" && : > "$2/AuditKit.Cli.dll" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-launcher-").FullName;
    private readonly string _root;

    public LauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the launcher is a shell script");
        _root = Directory.CreateDirectory(Path.Combine(_folder, "a checkout")).FullName;
        foreach (string file in (string[])["auditkit", "global.json", "Directory.Build.props",
            .. Directory.GetFiles(Path.Combine(Repository.Root, "src", "setup")).Select(file => Path.Combine("src", "setup", Path.GetFileName(file)))])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, file))!);
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(_root, file));
        }

        Write("src/AuditKit.Reports/Pdf/package-lock.json", "{}");
        Write("src/AuditKit.Cli/Program.cs", "class Program;");
        Program("dotnet", Dotnet);
        Program("node", "#!/bin/sh\n");
        Program("npm", "#!/bin/sh\nmkdir -p node_modules\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_call_sets_up_and_the_next_only_runs()
    {
        (int status, string output, string errors) = Launch("run", "a spec.yaml");
        Assert.Equal((0, $"dotnet {_root}/.build/cli/AuditKit.Cli.dll in {_folder}\n"), (status, output));
        Assert.Matches(@"fetching packages … \d+ s\n.*compiling … \d+ s\n", errors);
        Assert.Equal((0, output, ""), Launch("run"));
    }

    [Fact]
    public void What_a_build_writes_and_other_times_do_not_set_up_again_but_other_sources_do()
    {
        Launch("setup");
        Write("src/AuditKit.Cli/obj/Generated.cs", "x");
        Write("src/AuditKit.Cli/bin/Release/AuditKit.Cli.dll", "x");
        File.SetLastWriteTimeUtc(Path.Combine(_root, "src/AuditKit.Cli/Program.cs"), DateTime.UtcNow.AddDays(1));
        Assert.Equal("", Launch("run").Errors);

        Write("src/AuditKit.Cli/Program.cs", "class Program { }");
        Assert.Contains("compiling", Launch("run").Errors);
        Assert.Equal("", Launch("run").Errors);

        File.Delete(Path.Combine(_root, "src/AuditKit.Cli/Program.cs"));
        Assert.Contains("compiling", Launch("run").Errors);
    }

    [Theory]
    [InlineData("dotnet", "#!/bin/sh\n[ $1 = --version ] || { echo no network >&2; exit 1; }")]
    [InlineData("npm", "#!/bin/sh\necho no network >&2; exit 1")]
    public void A_set_up_that_fails_is_an_error_and_no_failed_gate(string program, string script)
    {
        Program(program, script);
        (int status, string output, string errors) = Launch("run");
        Assert.Equal((4, ""), (status, output));
        Assert.Contains("no network", errors);
    }

    [Fact]
    public void Without_the_SDK_it_is_asked_for()
    {
        Program("dotnet", "#!/bin/sh\n[ $1 = --list-sdks ] && echo 8.0.100 '[/usr/share/dotnet/sdk]' || exit 145");
        (int status, _, string errors) = Launch("run");
        Assert.Equal(4, status);
        Assert.Contains("SDK of .NET 10 is missing", errors);
        Assert.Contains("8.0.100", errors);
    }

    [Fact]
    public void Who_may_not_write_uses_a_set_up_that_fits_and_is_told_what_to_do_about_one_that_does_not()
    {
        Launch("setup");
        // A link into nowhere stands for a folder of somebody else's: root may write everywhere.
        string build = Path.Combine(_root, ".build");
        File.Delete(Path.Combine(build, "set-up.log"));
        File.CreateSymbolicLink(Path.Combine(build, "set-up.log"), "/nonexistent/set-up.log");
        Assert.Equal((0, ""), (Launch("run").Status, Launch("run").Errors));

        Write("src/AuditKit.Cli/Program.cs", "class Changed;");
        (int status, string output, string errors) = Launch("run");
        Assert.Equal((4, ""), (status, output));
        Assert.Contains("you may not write there", errors);
    }

    [Fact]
    public void It_can_be_called_by_a_link()
    {
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "a checkout/auditkit");
        Assert.Equal(0, Launch("run").Status);
        Assert.Equal((0, $"dotnet {_root}/.build/cli/AuditKit.Cli.dll in {_folder}\n", ""), Start(link, "run"));
    }

    private (int Status, string Output, string Errors) Launch(params string[] arguments) => Start(Path.Combine(_root, "auditkit"), arguments);

    private (int Status, string Output, string Errors) Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder}/programs:/usr/bin:/bin";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private void Program(string name, string script)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName, name);
        File.WriteAllText(path, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    private void Write(string file, string text)
    {
        string path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
