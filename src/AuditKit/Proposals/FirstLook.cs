using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Proposals;

/// <summary>A model and labelled images that nobody has written a spec for: how the model is used, and what it did on some of them.</summary>
public sealed class FirstLook : IDisposable
{
    private readonly DataSpec _where;
    private readonly SampleFigures _figures;

    private FirstLook(DataSpec where, IDataset data, AuditedModel model, PreprocessingChoice choice, string? namedBy, SampleFigures figures)
        => (_where, Data, Model, Choice, NamedBy, _figures) = (where, data, model, choice, namedBy, figures);

    /// <summary>The images.</summary>
    public IDataset Data { get; }

    /// <summary>The model, opened as it should be used.</summary>
    public AuditedModel Model { get; }

    /// <summary>How its preprocessing was found.</summary>
    public PreprocessingChoice Choice { get; }

    /// <summary>Who names the model's classes, where the data's are in that order; null where nobody does.</summary>
    public string? NamedBy { get; }

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
        ArgumentNullException.ThrowIfNull(model);
        model = model with { Input = model.Input ?? NotedInput(model) };
        IDataset data = DatasetCatalog.Open(where);
        try
        {
            PreprocessingChoice choice;
            IReadOnlyList<int> images;
            ModelNote? naming;
            using (AuditedModel bare = models.Open(model.WithoutPreprocessing()))
            {
                naming = bare.Notes.Naming(bare.Classifier.Classes);
                if (naming is not null && InOrderOf(naming, where, data) is { } ordered)
                {
                    data.Dispose();
                    (where, data) = (ordered.Where, ordered.Data);
                }
                else if (naming is not null && !naming.Classes.SequenceEqual(data.Classes))
                {
                    naming = null;
                }

                RequireFit(bare, data);
                var search = new PreprocessingSearch(bare, data, threads);
                (choice, images) = (search.Run(progress, cancellation), search.Images);
            }

            AuditedModel used = models.Open(choice.Of(model));
            return new(where, data, used, choice, naming?.Source, SampleFigures.Measure(choice, images, used, data, threads, cancellation));
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
            .. ClassesInOrder is { } classes ? [("classes", $"[{ClassOrder.Names(classes)}]")] : Array.Empty<(string, string)>(),
        ],
        Data.Count,
        Choice,
        _figures,
        Model.Classifier.EmbeddingLength > 0,
        Model.Notes);

    /// <summary>
    /// The classes in the order that the model's outputs seem to have, or that notes on the model give; null where it is the data's own.
    /// </summary>
    public IReadOnlyList<string>? ClassesInOrder => Choice.Order is { } order ? [.. order.LabelOf.Select(label => Data.Classes[label])]
        : _where.Classes.Count > 0 ? _where.Classes : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        Data.Dispose();
    }

    // Where data has some or all of a model's classes, in whatever order, they can be told by the model's own names.
    private static (DataSpec Where, IDataset Data)? InOrderOf(ModelNote naming, DataSpec where, IDataset data)
    {
        if (naming.Classes.SequenceEqual(data.Classes) || !data.Classes.All(naming.Classes.Contains))
        {
            return null;
        }

        try
        {
            DataSpec ordered = where.With(naming.Classes);
            return (ordered, DatasetCatalog.Open(ordered));
        }
        catch (AuditException)
        {
            // A format whose classes are fixed, or that has no images of some: its own order is tried.
            return null;
        }
    }

    // A file that leaves the size open needs one, and only a note can say it.
    private static InputShape? NotedInput(ModelSpec model)
    {
        Graph? graph = model.IsTorchScript ? null : OnnxFile.Read(model.Path);
        bool isOpen = graph is null || (graph.RequiredInputs.FirstOrDefault()?.Shape is { Count: 4 } shape && shape.Skip(1).Any(side => side.Size is null));
        return isOpen ? ModelNotes.Read(model.Path, graph).Notes.FirstOrDefault(note => note.Input is not null)?.Input : null;
    }

    private static void RequireFit(AuditedModel model, IDataset data)
    {
        if (model.Classifier.Classes != data.Classes.Count)
        {
            throw ClassOrder.Mismatch(data.Name, data.Classes, model.Classifier.Classes, model.Notes.Naming(model.Classifier.Classes)?.Classes ?? []);
        }
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
