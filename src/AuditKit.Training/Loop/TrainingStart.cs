using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Loop;

/// <summary>What a recipe's training starts from, opened and seen to fit together: data, network, groups. Nothing is trained yet.</summary>
internal sealed class TrainingStart : IDisposable
{
    /// <summary>The images to learn from, and those to choose the epoch by.</summary>
    public required SplitData Data { get; init; }

    /// <summary>The data that the finished model is measured on.</summary>
    public required IDataset Test { get; init; }

    /// <summary>The network, with a tensor of its own for everything that is trained.</summary>
    public required Graph Graph { get; init; }

    /// <summary>How the network takes images, by the recipe and by the notes that the file holds.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The network seen as a classifier.</summary>
    public required ClassifierGraph Classifier { get; init; }

    /// <summary>From an image of the data to the network's input.</summary>
    public required InputTransform Transform { get; init; }

    /// <summary>The groups of the training data.</summary>
    public required GroupTable Groups { get; init; }

    /// <summary>The images that are held out to select by.</summary>
    public required TrainingSet Validation { get; init; }

    /// <summary>What a reader of the model's card must know of all this, whole sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Opens what a recipe names.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="device">Where.</param>
    /// <param name="threads">Threads that run the model.</param>
    /// <exception cref="AuditException">Something cannot be opened, or does not fit the rest.</exception>
    public static TrainingStart Of(Recipe recipe, Device device, int threads)
    {
        SplitData data = Named("data", recipe.Split.Open);
        IDataset? test = null;
        try
        {
            test = Named("test", () => DatasetCatalog.Open(recipe.Test));
            Graph graph = SharedTensors.Divide(Open(recipe, data.Training));
            ModelSpec model = recipe.Model.WithNotesOf(graph);
            var classifier = ClassifierGraph.Of(graph, model.Options(device, threads));
            RequireClasses(graph, classifier.Classes, data.Training, test);
            var transform = model.Transform(classifier.Input);
            foreach (IDataset set in new[] { data.Training, data.Validation, test })
            {
                transform.RequireFit(set.Load(0));
            }

            if (recipe.Epochs > 0)
            {
                Trainer.RequireBatch(recipe, data.TrainingImages.Count);
                if (recipe.Schedule.Beyond(recipe.Epochs) is { } late)
                {
                    throw new AuditException($"{recipe.Name}: schedule.{late} lies beyond the run of {NumberText.Count(recipe.Epochs, "epoch", "epochs")}, so that "
                        + "the rate would not go as it says. Give less, or more epochs.");
                }
            }

            recipe.Augmentation.RequireFit(recipe.Name, classifier.Input);
            string[] missing = WithoutImages(data);
            if (missing.Length > 0 && recipe.Model.Path.Length == 0)
            {
                throw new AuditException($"{recipe.Name}: none of the {data.TrainingImages.Count} images that are learnt from is of {WordList.First(missing)}. Add "
                    + "some (data.limit takes the first images of a set, which may stand class by class), or leave the class out of data.classes.");
            }

            var groups = GroupTable.Of(data.Training, recipe.Split.AttributeOf(data.Training));
            GroupTable judged = groups.Attribute == recipe.GroupAttribute ? groups.For(data.Validation) : GroupTable.Of(data.Validation, recipe.GroupAttribute);
            var validation = new TrainingSet(data.Validation, transform, data.ValidationImages, judged);
            if (recipe.Selection.HardGroup is { } hard)
            {
                _ = Named("selection.hard-group", () => validation.Group(hard));
            }

            return new TrainingStart
            {
                Data = data,
                Test = test,
                Graph = graph,
                Model = model,
                Classifier = classifier,
                Transform = transform,
                Groups = groups,
                Validation = validation,
                Notes = [.. NotesOf(recipe, graph, groups, missing)],
            };
        }
        catch
        {
            data.Dispose();
            test?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Data.Dispose();
        Test.Dispose();
    }

    // Which of the recipe's keys is at fault. What opens 'data' opens the validation data, too: where a message has a place, it names the key itself.
    private static T Named<T>(string key, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (AuditException e) when (e.Place is null || key != "data")
        {
            throw e.Of(key);
        }
    }

    private static Graph Open(Recipe recipe, IDataset data)
    {
        if (recipe.Features is { } features)
        {
            return features.Open(recipe.Model.Options(Device.Cpu, Environment.ProcessorCount), data.Classes.Count, recipe.Seed);
        }

        if (recipe.Architecture is null)
        {
            return OnnxFile.Read(recipe.Model.Path);
        }

        if (data.Classes.Count < 2)
        {
            throw new AuditException($"{recipe.Name}: a classifier needs two classes at least, and {data.Name} has {data.Classes.Count}.");
        }

        Image first = data.Load(0);
        InputShape input = recipe.Model.Input ?? new InputShape(first.Channels, first.Height, first.Width);
        return Architecture.Build(recipe.Architecture, input, data.Classes.Count, recipe.Seed);
    }

    private static void RequireClasses(Graph graph, int classes, IDataset training, IDataset test)
    {
        if (training.Classes.Count != classes)
        {
            throw new AuditException($"{graph.Source}: the model has {classes} classes, and {training.Name} has {training.Classes.Count}. Train a new head on "
                + "its features, model: { features: PATH, head: linear }, or name all its classes with data.classes, in the model's order.");
        }

        ClassOrder.RequireSame("test", test, "the training data", training.Classes);
    }

    private static string[] WithoutImages(SplitData data)
    {
        HashSet<int> there = [.. data.TrainingImages.Select(data.Training.Label)];
        return [.. data.Training.Classes.Where((_, label) => !there.Contains(label)).Select(name => $"'{name}'")];
    }

    private static IEnumerable<string> NotesOf(Recipe recipe, Graph graph, GroupTable groups, string[] missing)
    {
        if (groups.Attribute != recipe.GroupAttribute)
        {
            yield return $"The training data has no attribute '{recipe.GroupAttribute}': its images' groups are not known, those of the images that choose are.";
        }

        if (missing.Length > 0)
        {
            yield return $"No image that was learnt from is of {WordList.First(missing)}.";
        }

        if (recipe.Architecture is null && recipe.Train == TrainedPart.All && graph.Nodes.Exists(node => node.Type == "Conv")
            && !graph.Nodes.Exists(node => node.Type.EndsWith("Normalization", StringComparison.Ordinal)))
        {
            yield return "The start model has convolutions and no normalisation: batch norms that it may have had were fused when it was "
                + "exported, and it is trained without. It may need a lower learning rate.";
        }
    }
}
