using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Tests.Checks;

/// <summary>A folder with an evidence store in it, and checks run against it.</summary>
internal sealed class Bench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public Bench(IDataset data)
    {
        Evidence = EvidenceStore.Open(Path.Combine(_folder, "evidence.sqlite"), "test");
        Evidence.DescribeData(
            data.Classes, Enumerable.Range(0, data.Count).Select(i => new ImageRecord(i, data.Label(i), data.Source(i))));
        Data = data;
    }

    public IDataset Data { get; }

    public EvidenceStore Evidence { get; }

    /// <summary>For checks that open further models; none of the others may ask.</summary>
    public IModelSource? Models { get; init; }

    public List<CheckProgress> Progress { get; } = [];

    public CheckContext Context(IClassifier model, int threads = 2, CancellationToken cancellation = default) => new()
    {
        Data = Data,
        Transform = new InputTransform(model.Input),
        Model = model,
        Audited = TestPlan.Opened(model, new ModelSpec { Path = "model under test" }),
        Inputs = new InputFiles(),
        Models = Models!,
        Evidence = Evidence,
        Seed = 20261121,
        Threads = threads,
        Progress = Progress.Add,
        Cancellation = cancellation,
    };

    public void Dispose()
    {
        Evidence.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
