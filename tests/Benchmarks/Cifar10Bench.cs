using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training;
using AuditKit.Yaml;

namespace AuditKit.Benchmarks;

/// <summary>ResNet-20 on the CIFAR-10 test images, and evidence stores that go when they are done with.</summary>
internal sealed class Cifar10Bench : IDisposable
{
    public const int Threads = 2;

    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] StandardDeviation = [0.229, 0.224, 0.225];

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    /// <param name="shared">The folder with <c>models</c> and <c>data</c>.</param>
    /// <param name="images">How many test images, counted from the first.</param>
    public Cifar10Bench(string shared, int images)
    {
        ModelPath = Path.Combine(shared, "models", "cifar10-resnet20.onnx");
        Model = new OnnxRuntimeClassifier(
            ModelPath, new() { Mean = [.. Mean.Select(v => (float)v)], StandardDeviation = [.. StandardDeviation.Select(v => (float)v)], Threads = Threads });
        string folder = Path.Combine(shared, "data", "cifar-10-batches-bin");
        Data = DatasetCatalog.Open(DataSpec.Parse(
            SpecMap.Parse("benchmark", $"{{ format: cifar-10, path: '{folder}', split: test, limit: {images} }}"), "."));
        Bare = new BareForward(ModelPath, [Model.Input.Channels, Model.Input.Height, Model.Input.Width], Threads);
    }

    public string ModelPath { get; }

    public OnnxRuntimeClassifier Model { get; }

    public IDataset Data { get; }

    public BareForward Bare { get; }

    /// <summary>A context with an empty evidence store.</summary>
    public CheckContext Context()
    {
        var evidence = EvidenceStore.Open(Path.Combine(_folder, $"{Guid.NewGuid()}.sqlite"), "benchmark");
        evidence.DescribeData(
            Data.Classes, Enumerable.Range(0, Data.Count).Select(i => new ImageRecord(i, Data.Label(i), Data.Source(i))));
        return new CheckContext
        {
            Data = Data,
            Transform = new InputTransform(Model.Input),
            Model = Model,
            Audited = new AuditedModel
            {
                Spec = new ModelSpec { Path = ModelPath, Mean = Mean, Std = StandardDeviation },
                Classifier = Model,
                Graph = OnnxFile.Read(ModelPath),
                Sha256 = "",
                Facts = []
            },
            Inputs = new InputFiles(),
            Models = new ModelFiles(Device.Parse("cpu"), Threads),
            Evidence = evidence,
            Seed = 20261121,
            Threads = Threads,
        };
    }

    public void Dispose()
    {
        Bare.Dispose();
        Model.Dispose();
        Data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
