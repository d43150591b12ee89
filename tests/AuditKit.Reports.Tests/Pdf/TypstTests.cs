using AuditKit.Reports.Pdf;

namespace AuditKit.Reports.Tests.Pdf;

public sealed class TypstTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-typst-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void What_the_typesetter_refuses_is_an_error_with_its_words_and_without_temporary_paths()
    {
        File.WriteAllText(Path.Combine(_folder, "report.typ"), "= Title\n#undefined-name");
        AuditException error = Assert.Throws<AuditException>(() => Typst.Compile(_folder, Path.Combine(_folder, "report.pdf")));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains("report.typ:2", error.Message);
        Assert.Contains("unknown variable: undefined-name", error.Message);
        Assert.DoesNotContain(_folder, error.Message);
    }

    [Fact]
    public void Without_the_pinned_compiler_the_one_on_the_PATH_is_asked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string arguments = Path.Combine(_folder, "arguments");
        string program = Path.Combine(_folder, "typst");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" > {arguments}\nfor last; do :; done\necho pdf > \"$last\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Typst.Compile(_folder, Path.Combine(_folder, "report.pdf"), tools: _folder, typst: program, Patience);
        Assert.Equal(
            ["compile", "--root", _folder, "--font-path", $"{_folder}/fonts", "--ignore-system-fonts", "--pdf-standard", "a-3a", $"{_folder}/report.typ",
                $"{_folder}/report.pdf"],
            File.ReadAllLines(arguments));
    }

    [Theory]
    [InlineData("sleep 60")]
    [InlineData("sleep 60 &\nexit 1")]
    public void A_typesetter_that_never_answers_is_ended(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string program = Path.Combine(_folder, "typst");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        AuditException error = Assert.Throws<AuditException>(
            () => Typst.Compile(_folder, Path.Combine(_folder, "report.pdf"), tools: _folder, typst: program, TimeSpan.FromSeconds(0.5)));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains("has not finished", error.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Without_any_compiler_the_user_is_told_what_to_install()
    {
        AuditException error = Assert.Throws<AuditException>(
            () => Typst.Compile(_folder, Path.Combine(_folder, "report.pdf"), tools: _folder, typst: Path.Combine(_folder, "absent"), Patience));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains($"'{ProgramName.Value} setup' fetches", error.Message);
    }
}
