using AuditKit.Data;
using AuditKit.Models;

namespace AuditKit.Proposals;

/// <summary>A model and labelled images that nobody has written a spec for: how the model is used, and what it did on some of them.</summary>
public sealed class FirstLook : IDisposable
{
    private readonly DataSpec _where;
    private readonly SampleFigures _figures;

    private FirstLook(DataSpec where, IDataset data, AuditedModel model, PreprocessingChoice choice, SampleFigures figures)
        => (_where, Data, Model, Choice, _figures) = (where, data, model, choice, figures);

    /// <summary>The images.</summary>
    public IDataset Data { get; }

    /// <summary>The model, opened as it should be used.</summary>
    public AuditedModel Model { get; }

    /// <summary>How its preprocessing was found.</summary>
    public PreprocessingChoice Choice { get; }

    /// <summary>Looks at both.</summary>
    /// <param name="model">The model; preprocessing that it names is not looked at.</param>
    /// <param name="where">The data.</param>
    /// <param name="models">Opens the model.</param>
    /// <param name="threads">Threads that prepare images, at least 1.</param>
    /// <param name="progress">Told what is tried, images done and images in all.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">One cannot be used, or the model's outputs are not as many as the data's classes.</exception>
    public static FirstLook Take(
        ModelSpec model, DataSpec where, IModelSource models, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(where);
        ArgumentNullException.ThrowIfNull(models);
        IDataset data = DatasetCatalog.Open(where);
        try
        {
            PreprocessingChoice choice;
            IReadOnlyList<int> images;
            using (AuditedModel bare = models.Open(model.WithoutPreprocessing()))
            {
                RequireFit(bare, data);
                var search = new PreprocessingSearch(bare, data, threads);
                (choice, images) = (search.Run(progress, cancellation), search.Images);
            }

            AuditedModel used = models.Open(choice.Of(model));
            return new(where, data, used, choice, SampleFigures.Measure(choice, images, used, data, threads, cancellation));
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>A spec with comments.</summary>
    /// <param name="folder">The spec's folder: paths are written relative to it.</param>
    public string Propose(string folder) => AuditProposal.Write(
        $"{Path.GetFileNameWithoutExtension(Model.Spec.Path)} on {Data.Name}",
        Model.Spec with { Path = Relative(folder, Model.Spec.Path) },
        [
            ("path", AuditProposal.Text(Relative(folder, _where.Path!))),
            .. _where.Format is { } format ? [("format", format)] : Array.Empty<(string, string)>(),
            .. _where.Split is { } split ? [("split", AuditProposal.Text(split))] : Array.Empty<(string, string)>(),
            .. ClassesInOrder is { } classes ? [("classes", $"[{string.Join(", ", classes.Select(AuditProposal.Text))}]")] : Array.Empty<(string, string)>(),
        ],
        Data.Count,
        Choice,
        _figures,
        Model.Classifier.EmbeddingLength > 0);

    /// <summary>The data's classes in the order that the model's outputs seem to have; null where it is the data's own.</summary>
    public IReadOnlyList<string>? ClassesInOrder => Choice.Order is { } order ? [.. order.LabelOf.Select(label => Data.Classes[label])] : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        Data.Dispose();
    }

    private static void RequireFit(AuditedModel model, IDataset data)
    {
        if (model.Classifier.Classes != data.Classes.Count)
        {
            throw ClassOrder.Mismatch(data.Name, data.Classes, model.Classifier.Classes, []);
        }
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
