using System.Text;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>
/// Runs that read more than model and data: stored corruptions, another model, a policy, shifted images, a baseline.
/// What they leave must be verifiable where those files are not, and the same where they are measured in shards.
/// </summary>
public sealed class FurtherFilesTests : IDisposable
{
    private const int Images = 24;
    private const int Length = 32 * 32 * 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-further-").FullName;

    /// <summary>Colour images, dark or bright by turns, and a model that tells them apart.</summary>
    public FurtherFilesTests()
    {
        WriteData("data", "images", Images);
        OnnxFile.Write(Model(0), Path.Combine(_folder, "model.onnx"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Stored_corruptions_are_not_needed_to_verify()
    {
        // Five severities of the same images: as in CIFAR-10-C, one after the other.
        WriteData("stored", "fog", 5 * Images);
        WriteSpec("corruptions: { kinds: [fog], severities: [1, 3], stored: stored, max-mean-error: 0.5 }\n"
            + "  tta: { variants: [], under: [fog/3], stored: stored }");
        VerifyWithout("stored");
    }

    [Theory]
    [InlineData("corruptions: { kinds: [fog], severities: [3], stored: stored }")]
    [InlineData("tta: { variants: [], under: [fog/3], stored: stored }")]
    public void Stored_corruptions_that_differ_between_two_shards_or_while_one_runs_are_refused(string check)
    {
        WriteData("stored", "fog", 5 * Images);
        WriteSpec(check);
        string file = Path.Combine(_folder, "stored", "fog.npy");
        byte[] bytes = File.ReadAllBytes(file);
        Assert.Equal(ExitCode.Pass, Measure("1", "shards/1"));
        // A pixel of the third severity.
        bytes[128 + (((2 * Images) + 5) * Length)] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(ExitCode.Pass, Measure("2", "shards/2"));
        (ExitCode exit, string output) = CommandLine.Run(_folder, "merge", "shards/1", "shards/2", "--out", "merged");
        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("is another one than another shard has read", output);
        // On one line, whatever its length: logs are searched by lines.
        Assert.Contains(output.Split('\n'), line => line.Contains("shards/2: ", StringComparison.Ordinal) && line.TrimEnd().EndsWith("--resume false.", StringComparison.Ordinal));
        // The first one was begun with the other pixel, and stays refused.
        Assert.Equal(ExitCode.Error, Measure("1", "shards/1"));
        Assert.Equal(ExitCode.Error, Measure("1", "shards/1"));

        ExitCode Measure(string shard, string folder) => CommandLine.Run(_folder, "run", "audit.yaml", "--shard", $"{shard}/2", "--out", folder).ExitCode;
    }

    [Fact]
    public void A_corruption_reference_model_is_not_needed_to_verify()
    {
        // It calls more images bright, so that it errs where the audited model does not.
        OnnxFile.Write(Model(1000), Path.Combine(_folder, "reference.onnx"));
        WriteSpec("corruptions: { kinds: [fog, brightness], severities: [2], reference: { name: other, model: { path: reference.onnx } }, max-mce: 1.5 }");
        string report = VerifyWithout("reference.onnx");
        Assert.Contains("mCE", report);
    }

    [Fact]
    public void A_policy_is_not_needed_to_verify()
    {
        WriteData("searched", "images", Images / 2, shift: 1);
        WriteSpec("accuracy: {}");
        (ExitCode exit, string output) = CommandLine.Run(
            _folder, "tta", "search", "audit.yaml", "--set", "data.path=searched", "--out", "policy.json", "--length", "2", "--pool", "3");
        Assert.True(exit == ExitCode.Pass, output);
        WriteSpec("tta: { variants: [], samples: [1, 2], policies: [policy.json], min-accuracy: 0.5 }");
        VerifyWithout("policy.json");
    }

    [Fact]
    public void The_members_of_an_ensemble_are_not_needed_to_verify()
    {
        OnnxFile.Write(Model(100), Path.Combine(_folder, "second.onnx"));
        WriteSpec("tta: { variants: [crop-flip], samples: [1, 2], members: [second.onnx], pairs: [ensemble crop-flip over crop-flip] }");
        VerifyWithout("second.onnx");
    }

    [Fact]
    public void A_baseline_and_shifted_images_are_not_needed_to_verify()
    {
        WriteData("shifted", "images", Images / 2);
        WriteSpec("tta: { variants: [crop-flip], samples: [2] }\n  domain-shift: { sets: [{ name: half, data: { path: shifted, classes: [dark, bright] } }] }");
        (ExitCode exit, string output) = CommandLine.Run(_folder, "run", "audit.yaml", "--out", "old");
        Assert.True(exit == ExitCode.Pass, output);
        File.AppendAllText(Path.Combine(_folder, "audit.yaml"), "\nbaseline: { run: old, margin: 0.5 }\n");
        string report = VerifyWithout("old", "shifted");
        Assert.Contains("clean images of half", report);
        Assert.Contains("crop-flip, 2 samples", report);
        Assert.Contains("What is not paired, and why", report);
    }

    /// <summary>Runs the audit, verifies it, and verifies it again where the files are gone; gives the report as a page.</summary>
    private string VerifyWithout(params string[] files)
    {
        (ExitCode exit, string output) = CommandLine.Run(_folder, "run", "audit.yaml", "--out", "run");
        Assert.True(exit is ExitCode.Pass or ExitCode.GateFailed or ExitCode.Inconclusive, output);
        foreach (string shard in new[] { "1", "2" })
        {
            (ExitCode measured, output) = CommandLine.Run(_folder, "run", "audit.yaml", "--shard", $"{shard}/2", "--out", $"shards/{shard}");
            Assert.True(measured == ExitCode.Pass, output);
        }

        // The second time over what the first has left.
        foreach (int _ in Enumerable.Range(0, 2))
        {
            (ExitCode merged, output) = CommandLine.Run(_folder, "merge", "shards/1", "shards/2", "--out", "merged");
            Assert.True(merged == exit, output);
            Assert.Equal(File.ReadAllText(Path.Combine(_folder, "run", "report.html")), File.ReadAllText(Path.Combine(_folder, "merged", "report.html")));
        }

        Verify();
        foreach (string file in files)
        {
            Directory.Move(Path.Combine(_folder, file), Path.Combine(_folder, $"{file} gone"));
        }

        Verify();
        return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_folder, "run", "report.html")));

        void Verify()
        {
            (ExitCode exit, string output) = CommandLine.Run(_folder, "verify", "run", "--model", "model.onnx", "--data");
            Assert.True(exit == ExitCode.Pass, output);
            Assert.Equal(["signature"], output.Split('\n').Where(line => line.StartsWith("not checked", StringComparison.Ordinal))
                .Select(line => line["not checked".Length..line.IndexOf(':')].Trim()));
        }
    }

    private void WriteSpec(string checks) => File.WriteAllText(Path.Combine(_folder, "audit.yaml"), $"""
        name: Bright or dark, in colour
        model: {"{"} path: model.onnx {"}"}
        data: {"{"} path: data, classes: [dark, bright] {"}"}
        seed: 1
        checks:
          {checks}
        """);

    private void WriteData(string folder, string name, int images, int shift = 0)
    {
        string path = Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName;
        byte[] samples = new byte[images * Length];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (byte)((i / Length % 2 == 0 ? 40 : 160) + ((i + shift) * 31 % 50));
        }

        File.WriteAllBytes(Path.Combine(path, $"{name}.npy"), Npy($"({images}, 32, 32, 3)", samples));
        File.WriteAllBytes(Path.Combine(path, "labels.npy"), Npy($"({images},)", [.. Enumerable.Range(0, images).Select(i => (byte)(i % 2))]));
    }

    private static byte[] Npy(string shape, byte[] samples)
    {
        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY\x01\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. samples];
    }

    /// <summary>Logits (0, Σx − 1536 + bias): bright is class 1.</summary>
    private static Graph Model(float bias)
    {
        var graph = new Graph("bright or dark");
        graph.Input("input", "N", 3, 32, 32);
        graph.Initializer("weight", TensorValue.Of([.. Enumerable.Repeat(0f, Length), .. Enumerable.Repeat(1f, Length)], 2, Length));
        graph.Initializer("bias", TensorValue.Of([0f, bias - (Length / 2f)], 2));
        graph.Add("Flatten", ["input"], "flat");
        graph.Add("Gemm", ["flat", "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", "N", 2);
        return graph;
    }
}
