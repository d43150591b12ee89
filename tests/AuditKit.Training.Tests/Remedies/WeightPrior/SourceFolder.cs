using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

/// <summary>Networks for priors to learn from, as training with two seeds leaves them.</summary>
internal sealed class SourceFolder : IDisposable
{
    public SourceFolder()
    {
        foreach (int seed in new[] { 1, 2 })
        {
            OnnxFile.Write(Network(seed), System.IO.Path.Combine(Path, $"seed-{seed}", "model.onnx"));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("auditkit-sources").FullName;

    public static Graph Network(int seed) => Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
