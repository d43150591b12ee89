using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Tests;

namespace AuditKit.Training.Tests;

/// <summary>Whole audits through both engines, on the CIFAR-10 networks.</summary>
public sealed class WhiteBoxAuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_undefended_ResNet_20_has_hardly_any_robust_accuracy_left_at_8_255_and_hides_no_gradients()
    {
        AuditResult result = Run("cifar10-resnet20.onnx", "", """
              white-box: { linf: { epsilon: [0.2/255, 8/255], min-robust-accuracy: { 8/255: 0.5 } }, images: 20, steps: 10 }
              simba: { images: 15, epsilon: 0.2, iterations: 50 }
            """);
        Assert.Equal(GateOutcome.Fail, result.Verdict);
        Section section = result.Sections[0];
        Assert.Null(section.Error);
        double[] robust = [.. section.Findings.Where(finding => finding.Metric == "robust accuracy").Select(finding => finding.Estimate!.Value)];
        Assert.InRange(robust[0], 0, 0.05);
        Assert.InRange(robust[1], 0.5, 0.95);
        Assert.All(section.Findings.Where(finding => finding.Metric == "fooled by SimBA but not by gradients"), finding => Assert.Equal(0, finding.Estimate));
        Assert.NotEmpty(section.Examples);
    }

    [Fact]
    public void A_TorchScript_model_goes_through_every_check_that_needs_only_inference_and_the_others_say_what_they_need()
    {
        const string Checks = """
              accuracy: { min: 0.5 }
              subgroups: { by: [class, brightness/2], min-size: 10 }
              stability: { perturbations: [jpeg-80] }
              simba: { images: 3, epsilon: 0.2, iterations: 20 }
            """;
        AuditResult torchScript = Run(
            "cifar10-resnet20.torchscript.pt", "input: [3, 32, 32]", Checks + "\n  weights:\n  white-box: { linf: { epsilon: 8/255 } }");
        AuditResult onnx = Run("cifar10-resnet20.onnx", "", Checks);
        Assert.Equal(GateOutcome.Error, torchScript.Verdict);
        Assert.All(torchScript.Sections.TakeLast(2), section => Assert.Contains("Export the model with torch.onnx.export", section.Error));
        Assert.All(torchScript.Sections.SkipLast(2), section => Assert.Null(section.Error));
        // The same network: what is counted is the same, but for the embedding's distances that TorchScript does not have.
        Assert.Equal(
            onnx.Findings.Where(finding => finding.IsProportion && finding.Metric != "nearer than a different image")
                .Select(finding => (finding.Id, finding.Estimate)),
            torchScript.Findings.Where(finding => finding.IsProportion).Select(finding => (finding.Id, finding.Estimate)));
    }

    private AuditResult Run(string model, string modelOptions, string checks)
    {
        string data = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.Shared("data/cifar-10-batches-bin/test_batch.bin"))!));
        string spec = Path.Combine(_folder, "audit.yaml");
        File.WriteAllText(spec, $$"""
            name: test
            model:
              path: {{Repository.Shared("models/" + model)}}
              mean: [0.485, 0.456, 0.406]
              std: [0.229, 0.224, 0.225]
              {{modelOptions}}
            data: { format: cifar-10, path: {{data}}, split: test, limit: 200 }
            seed: 1
            confidence: 0.95
            checks:
            {{checks}}
            """);
        return Audit.Run(
            AuditSpec.Load(spec, []),
            new ModelFiles(Device.Parse("cpu"), 2),
            new AuditOptions { Folder = Path.Combine(_folder, Guid.NewGuid().ToString()), Threads = 2 },
            (_, _, _) => { },
            CancellationToken.None);
    }
}
