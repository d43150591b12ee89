using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli.Tests;

/// <summary>A file that is replaced while an audit runs is named, nothing passes, and nobody goes on with the outcomes.</summary>
public sealed class ReplacedFileTests : IDisposable
{
    private readonly SmallAudit _audit = new(images: 40);

    public static TheoryData<string, string> Files => new()
    {
        { "model.onnx", "model.onnx" },
        { "data/t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte" },
        { "data/t10k-labels-idx1-ubyte", "t10k-labels-idx1-ubyte" },
        { "shifted/list.csv", "list.csv" },
        { "shifted/0.png", "0.png" },
        { "reference.onnx", "reference.onnx" },
        { "member.onnx", "member.onnx" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_is_named_and_the_evidence_is_of_no_use_any_more(string file, string named)
    {
        Prepare();
        byte[] before = File.ReadAllBytes(Path.Combine(_audit.Folder, file));
        bool isReplaced = false;
        AuditException e = Assert.Throws<AuditException>(() => Audit((what, _, _) =>
        {
            if (!isReplaced && what.StartsWith("stability", StringComparison.Ordinal))
            {
                isReplaced = true;
                File.WriteAllBytes(Path.Combine(_audit.Folder, file), [.. before[..^1], (byte)(before[^1] ^ 1)]);
            }
        }));
        Assert.True(isReplaced);
        Assert.Equal(ExitCode.Error, e.ExitCode);
        Assert.Contains(named, e.Message);

        File.WriteAllBytes(Path.Combine(_audit.Folder, file), before);
        Assert.Contains("evidence of another run", Assert.Throws<AuditException>(() => Audit((_, _, _) => { })).Message);
    }

    public void Dispose() => _audit.Dispose();

    private void Prepare()
    {
        OnnxFile.Write(SmallAudit.Model(1), Path.Combine(_audit.Folder, "reference.onnx"));
        OnnxFile.Write(SmallAudit.Model(2), Path.Combine(_audit.Folder, "member.onnx"));
        Directory.CreateDirectory(Path.Combine(_audit.Folder, "shifted"));
        File.WriteAllText(Path.Combine(_audit.Folder, "shifted", "list.csv"), "path,label\n0.png,dark\n1.png,bright\n");
        for (int i = 0; i < 2; i++)
        {
            File.WriteAllBytes(Path.Combine(_audit.Folder, "shifted", $"{i}.png"),
                AuditKit.Imaging.Png.Encode(new AuditKit.Imaging.Image(8, 8, 1, [.. Enumerable.Repeat((byte)(60 + (120 * i)), 64)])));
        }

        _audit.WriteSpec(
            """
            domain-shift: { sets: [{ name: shifted, data: { path: shifted/list.csv } }] }
              corruptions: { kinds: [brightness], severities: [1], reference: { name: other, model: { path: reference.onnx } } }
              tta: { variants: [crop-flip], samples: [1], members: [member.onnx] }
              stability: { perturbations: [jpeg-50] }
            """);
    }

    private void Audit(Action<string, long, long> progress) => AuditKit.Run.Audit.Run(
        AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), []),
        new ModelFiles(Device.Parse("cpu"), 1),
        new AuditOptions { Folder = Path.Combine(_audit.Folder, "run"), Threads = 1 },
        progress);
}
