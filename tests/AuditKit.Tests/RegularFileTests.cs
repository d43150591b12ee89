using System.Diagnostics;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using AuditKit.Specs;
using AuditKit.Evidence;

namespace AuditKit.Tests;

/// <summary>What is no file: opening it is an error at once, wherever a path is taken.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_pipe_never_blocks_and_a_device_never_floods()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "there are no such files here");
        string pipe = Path.Combine(_folder, "evidence.sqlite");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        foreach ((string path, string kind) in new[] { (pipe, "named pipe"), ("/dev/zero", "device") })
        {
            Action[] doors =
            [
                () => OnnxFile.Read(path), () => ImageFile.Read(path), () => AuditSpec.Load(path, []), () => DataLocation.Open(path),
                () => EvidenceStore.OpenRead(path), () => IdxFile.Open(path, 1), () => AuditKit.Checks.Tta.TtaPolicy.Read(path),
            ];
            Assert.All(doors, door => Assert.Contains(kind, Assert.Throws<AuditException>(door).Message));
        }

        Assert.Throws<AuditException>(() => RunFolder.OpenEvidence(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_can_be_no_path_is_refused(string path)
        => Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(path));

    [Fact]
    public void A_file_is_read_through_a_link()
    {
        string file = Path.Combine(_folder, "file"), link = Path.Combine(_folder, "link");
        File.WriteAllText(file, "text");
        File.CreateSymbolicLink(link, file);
        Assert.Equal("text", RegularFile.ReadAllText(link));
    }

    [Fact]
    public void The_first_of_several_failures_is_thrown_whichever_thread_met_it()
    {
        for (int round = 0; round < 50; round++)
        {
            var e = Assert.Throws<AuditException>(() => ParallelLoop.Run(0, 64, 4, i =>
            {
                Thread.Sleep(i == 7 ? 5 : 0);
                if (i >= 7)
                {
                    throw new AuditException($"{i}");
                }
            }));
            Assert.Equal("7", e.Message);
        }
    }

    [Fact]
    public void A_folder_is_said_to_be_one()
        => Assert.Equal("It is a folder, not a file.", Assert.Throws<IOException>(() => RegularFile.ReadAllText(_folder)).Message);
}
