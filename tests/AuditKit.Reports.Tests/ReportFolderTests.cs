using AuditKit.Results;

namespace AuditKit.Reports.Tests;

public sealed class ReportFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_report_is_saved_under_its_name_in_a_folder_that_need_not_exist()
    {
        string path = ReportFolder.Save(new Fixed("text"), SampleResult.Create(), Path.Combine(_folder, "new", "run"));
        Assert.Equal(Path.Combine(_folder, "new", "run", "fixed.txt"), path);
        Assert.Equal("text", File.ReadAllText(path));
    }

    [Fact]
    public void A_report_that_breaks_leaves_the_old_one_and_nothing_else()
    {
        ReportFolder.Save(new Fixed("old"), SampleResult.Create(), _folder);
        Assert.Throws<AuditException>(() => ReportFolder.Save(new Fixed("half", breaks: true), SampleResult.Create(), _folder));
        Assert.Equal("old", File.ReadAllText(Assert.Single(Directory.EnumerateFiles(_folder))));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_that_names_the_file()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        AuditException error = Assert.Throws<AuditException>(() => ReportFolder.Save(new Fixed("text"), SampleResult.Create(), Path.Combine(_folder, "file")));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains("fixed.txt", error.Message);
    }

    [Fact]
    public void Formats_have_names_of_their_own()
        => Assert.Equal(["junit.xml", "report.html", "report.json", "report.pdf", "report.sarif", "summary.md"], ReportFolder.Formats
            .Select(format => format.FileName).Order());

    private sealed class Fixed(string text, bool breaks = false) : IReport
    {
        public string FileName => "fixed.txt";

        public void Write(AuditResult result, Stream destination)
        {
            destination.Write(System.Text.Encoding.UTF8.GetBytes(text));
            if (breaks)
            {
                throw new AuditException("broken", ExitCode.Error);
            }
        }
    }
}
