using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Run;
using AuditKit.Statistics;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using TorchSharp;

namespace AuditKit.Training.Loop;

/// <summary>From a recipe to a model file, measured on the test data, with its card.</summary>
public static class TrainingRun
{
    /// <summary>The trained model's file.</summary>
    public const string ModelFile = "model.onnx";

    private const string CheckpointFile = "checkpoint.bin", UnmeasuredFile = ".model.onnx";

    /// <summary>Trains, writes <c>model.onnx</c>, <c>card.md</c> and <c>training.json</c>, and removes the checkpoint.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="folder">Where the files go; a checkpoint of the same run there is gone on from.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops between steps; the last finished epoch is kept.</param>
    /// <returns>What the model scored, and the share of the training time that steps waited for images.</returns>
    /// <exception cref="AuditException">The data or the start model cannot be used, or training diverged.</exception>
    public static (TrainingRecord Record, double WaitShare) Run(
        Recipe recipe, string folder, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
        => Run(recipe, folder, int.MaxValue, kept: null, device, threads, progress, cancellation);

    /// <summary>
    /// The same, stopped after so many epochs; the checkpoint stays until the recipe's last one, so that a later call goes on. What a frozen
    /// part makes of the images is kept in a folder that several runs share, whose owner removes it; null for the run's own.
    /// </summary>
    internal static (TrainingRecord Record, double WaitShare) Run(
        Recipe recipe, string folder, int until, string? kept, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        RequireFolder(recipe, folder);
        RequireDevice(device);
        torch.set_num_threads(threads);
        KeptMemory.Enable();
        using var start = TrainingStart.Of(recipe, device, threads);
        using IDisposable turn = FolderLock.Take(folder, "training");
        recipe = recipe with { Model = start.Model };
        (SplitData data, IDataset test, Graph graph, ClassifierGraph classifier) = (start.Data, start.Test, start.Graph, start.Classifier);
        using GraphModule network = Network(start, recipe, device);
        NetworkParts parts = Parts(start, recipe, network);
        var digests = new DataDigests();
        string digest = digests.OfTraining(data, recipe.Split, threads, cancellation);
        string embeddings = kept ?? Path.Combine(folder, KeptEmbeddings.FolderName);
        TrainingTask task = Task(start, recipe, network, folder, digest, progress, cancellation);
        File.Delete(Path.Combine(folder, DivergedRun.FileName));
        using TrainingMethod method = Noted(() => recipe.Method(task), StartFile.Of(recipe, []));
        Trainer.RequireEpochs(recipe, method);
        TrainingSet training = task.ToTrainingSet();
        Keep(task.Validation, "validation");
        if (!method.NeedsPixels && recipe.Augmentation == Augmentation.None && recipe.Epochs > 0)
        {
            Keep(training, "training");
        }

        var trainer = new Trainer(recipe, network, task.Normalisation, method, training, task.Validation)
        {
            Head = parts.Head,
            StartedFrom = StartFile.Of(recipe, method.Networks),
            Data = digest,
        };
        string checkpoint = Path.Combine(folder, CheckpointFile);
        Noted(
            () =>
            {
                trainer.Run(checkpoint, until, progress, cancellation);
                return trainer;
            },
            trainer.StartedFrom);

        if (!trainer.StartedFrom.All(from => from.IsUnchanged(recipe.Folder)))
        {
            throw new AuditException($"{recipe.Name}: a network that the training started from was replaced meanwhile. The same command trains again from what is "
                + "there now.", ExitCode.Error);
        }

        network.WriteBack();
        SinglePrecision.PutBack(network.Graph, graph, [.. network.Parameters.Keys, .. network.Buffers.Keys]);
        // It has its name once it has been measured, beside the record: what has it alone is somebody else's.
        string file = Path.Combine(folder, UnmeasuredFile);
        OnnxFile.Write(method.Export(graph), file);
        ModelDescription description = ModelDescription.Read(file);
        var record = new TrainingRecord
        {
            Name = recipe.Name,
            Recipe = recipe.Text,
            Architecture = recipe.Architecture ?? recipe.Features?.Describe(recipe.Train),
            Pixels = Pixels(recipe.Model),
            Mean = recipe.Model.Mean,
            StandardDeviation = recipe.Model.Std,
            Parameters = description.Parameters,
            Trained = recipe.Train == TrainedPart.All ? null : network.Parameters.Values.Sum(parameter => parameter.numel()),
            Sha256 = description.Sha256,
            Engine = LibtorchEngine.Description,
            TrainingData = TrainingData(data),
            HardGroup = recipe.Selection.HardGroup,
            Epochs = trainer.History,
            BestEpoch = trainer.BestEpoch,
            Fitted = trainer.Fitted,
            TestData = test.Name,
            TestAttribute = TestAttribute(recipe, test),
            Groups = Measure(recipe.Model, file),
            FurtherModels = [.. method.FurtherModels().Select(model => Score(model, recipe.Model with
            {
                // Such a model is of the one form that is trained, whatever the user's own is.
                Layout = null,
                Output = null,
                Activation = null,
                Range = classifier.Normalisation.Range,
            }))],
            StartedFrom = trainer.StartedFrom,
            DataSha256 = digest,
            TestSha256 = digests.OfTest(test, recipe.Test, threads, cancellation),
            Notes =
            [
                .. start.Notes,
                .. ImagesInCommon.Notes(data, test, threads, cancellation),
                .. trainer.PutAside is { } aside
                    ? [$"An unfinished training of other settings, data or start weights lay in the folder: {aside}."]
                    : Array.Empty<string>(),
            ],
            Method = method.Report(folder),
        };
        record.Write(folder);
        AtomicFile.Write(Path.Combine(folder, ModelCard.FileName), ModelCard.ToMarkdown(record));
        // Last, because the record has its digest: without it the run has not finished.
        File.Move(file, Path.Combine(folder, ModelFile), overwrite: true);
        if (until >= recipe.Epochs)
        {
            File.Delete(checkpoint);
            if (kept is null)
            {
                KeptEmbeddings.Remove(embeddings);
            }
        }

        return (record, trainer.WaitShare);

        // Networks of the method's own may diverge before training begins.
        T Noted<T>(Func<T> work, IReadOnlyList<StartFile> startedFrom)
        {
            try
            {
                return work();
            }
            catch (TrainingDivergedException e)
            {
                StartFile[] from = [.. startedFrom, .. e.Networks.Select(path => StartFile.At(path, recipe))];
                new DivergedRun(Provenance.Version, recipe.Text, digest, from, e.Message).Write(folder);
                throw;
            }
        }

        void Keep(TrainingSet set, string part)
            => set.Kept = parts.FrozenValue is { } value ? KeptEmbeddings.Of(task, value, set, part, embeddings) : null;

        GroupScore[] Measure(ModelSpec use, string model)
            => TrainingRun.Measure(recipe with { Model = use }, model, test, device, threads, progress, cancellation);

        FurtherScore Score(FurtherModel model, ModelSpec use)
        {
            string path = Path.Combine(folder, model.File);
            OnnxFile.Write(model.Graph, path);
            GroupScore[] groups = Measure(use, path);
            return new FurtherScore(
                model.Name, model.File, ModelDescription.Read(path).Sha256, groups.Sum(group => group.Right), groups.Sum(group => group.Count));
        }
    }

    /// <summary>Refuses a device that is not there.</summary>
    /// <param name="device">Where to train.</param>
    /// <exception cref="AuditException">It is not.</exception>
    internal static void RequireDevice(Device device)
    {
        // ONNX Runtime measures the model that comes out.
        CudaProvider.Require(device);
        FixedBatch.RequireDevice(device);
    }

    /// <summary>
    /// Refuses a recipe whose method does not fit its network or its data, without training anything. Networks that a method trains for itself before
    /// the first epoch are left out.
    /// </summary>
    /// <param name="start">What the recipe starts from.</param>
    /// <param name="recipe">How to train.</param>
    /// <param name="device">Where.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <exception cref="AuditException">It does not fit.</exception>
    internal static void RequireMethod(TrainingStart start, Recipe recipe, Device device, int threads)
    {
        torch.set_num_threads(threads);
        using GraphModule network = Network(start, recipe with { StartsOrthogonal = false }, device);
        _ = Parts(start, recipe, network);
        try
        {
            // What takes long looks at this before its first step.
            var stop = new CancellationToken(canceled: true);
            using TrainingMethod method = recipe.Method(Task(start, recipe, network, Path.GetTempPath(), "", (_, _, _) => { }, stop));
            Trainer.RequireEpochs(recipe, method);
        }
        catch (OperationCanceledException)
        {
        }
    }

    // The user's own interface is that of the graph; what is trained is the one form that engines know.
    private static GraphModule Network(TrainingStart start, Recipe recipe, Device device)
    {
        var network = new GraphModule(SinglePrecision.Of(start.Classifier.Graph), torch.device(device.ToString()))
        {
            Result = start.Classifier.Logits,
            Precision = recipe.Precision
        };
        if (network.Parameters.Count == 0)
        {
            network.Dispose();
            throw new AuditException($"{start.Graph.Source}: nothing in the model can be trained: its weights are no initialisers, but Constant nodes, say. "
                + "Export it again with its weights as initialisers.");
        }

        if (recipe.StartsOrthogonal)
        {
            OrthogonalStart.Draw(network, recipe.Seed);
        }

        return network;
    }

    // What of the network is trained; the rest is frozen from here on.
    private static NetworkParts Parts(TrainingStart start, Recipe recipe, GraphModule network)
    {
        var parts = new NetworkParts(network, start.Classifier);
        parts.Freeze(recipe.Train);
        return recipe.Optimiser.HeadRate is null || parts.Head.Count > 0 ? parts : throw new AuditException(
            $"{start.Graph.Source}: the network has no layer behind an embedding that a head-rate could be for: leave it out.");
    }

    private static TrainingTask Task(
        TrainingStart start, Recipe recipe, GraphModule network, string folder, string digest, Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        var task = new TrainingTask(
            network, start.Data.Training, start.Data.TrainingImages, start.Transform, start.Groups, recipe, folder, progress, cancellation)
        {
            Normalisation = start.Classifier.Normalisation,
            Embedding = start.Classifier.Embedding,
            DataSha256 = digest,
            Validation = start.Validation,
        };
        if (recipe.Sampling == Sampling.GroupBalanced)
        {
            task.RequireGroups("sampling: group-balanced");
        }

        return task;
    }

    /// <summary>
    /// Whether a folder holds the model that a recipe gives, from what it starts from now, so that it need not be trained again.
    /// </summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="folder">The folder of an earlier run.</param>
    /// <exception cref="AuditException">The run's record or model is damaged, or a file that it started from cannot be read.</exception>
    public static bool IsDone(Recipe recipe, string folder) => IsDone(recipe, folder, new DataDigests());

    /// <summary>The same, with what is known of data that other runs have in common with this one.</summary>
    internal static bool IsDone(Recipe recipe, string folder, DataDigests digests)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return TrainingRecord.Read(folder) is { } record && Recipe.MeaningOf(record.Recipe) == recipe.Meaning && HasModel(folder, record)
            && record.FurtherModels.All(further => Path.Combine(folder, further.File) is var file && File.Exists(file)
                && ModelDescription.Read(file).Sha256 == further.Sha256)
            && record.Epochs.Count == recipe.Epochs
            && (record.StartedFrom ?? []).All(start => start.IsUnchanged(recipe.Folder))
            && (record.DataSha256 is null || record.DataSha256 == digests.OfTraining(recipe))
            && (record.TestSha256 is null || record.TestSha256 == digests.OfTest(recipe));
    }

    /// <summary>The record of the run that gave a recipe's model, as <see cref="IsDone(Recipe, string)"/> knows it; null where it is to be trained.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="folder">The folder of an earlier run.</param>
    /// <exception cref="AuditException">
    /// A run of another recipe has finished there; its record or model is damaged, or a file that it started from cannot be read.
    /// </exception>
    public static TrainingRecord? Finished(Recipe recipe, string folder) => Finished(recipe, folder, new DataDigests());

    /// <summary>The same, with what is known of data that other runs have in common with this one.</summary>
    internal static TrainingRecord? Finished(Recipe recipe, string folder, DataDigests digests)
    {
        RequireRecipe(recipe, folder);
        return IsDone(recipe, folder, digests) ? TrainingRecord.Read(folder) : null;
    }

    /// <summary>
    /// Refuses a folder where a run of another recipe has finished, which is not to be written over. One that differs in its name, test data and
    /// comments alone gives the same weights.
    /// </summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="AuditException">There is one, or the record there is damaged.</exception>
    public static void RequireRecipe(Recipe recipe, string folder)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        // The model is read last: of a table all folders are asked before the first training, and in most the recipe is the same.
        if (TrainingRecord.Read(folder) is { } record && Recipe.IdentityOf(record.Recipe) != recipe.Identity && HasModel(folder, record))
        {
            throw new AuditException($"{folder} holds a finished training ('{record.Name}') of another recipe, which is not written over. Give another "
                + "folder with --out, or delete that one.");
        }
    }

    /// <summary>Whether a folder holds a finished run, and the model that its record is of.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="AuditException">The record or the model is damaged.</exception>
    internal static bool HoldsItsModel(string folder) => TrainingRecord.Read(folder) is { } record && HasModel(folder, record);

    // Whether the model of a run's record is there.
    private static bool HasModel(string folder, TrainingRecord record)
        => Path.Combine(folder, ModelFile) is var model && File.Exists(model) && ModelDescription.Read(model).Sha256 == record.Sha256;

    /// <summary>The divergence that a recipe's training ended with in an earlier run, where it would end so again; null for none.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="folder">The folder of the earlier run.</param>
    /// <param name="digests">What is known of data that other runs have in common with this one.</param>
    /// <exception cref="AuditException">A file that it started from cannot be read.</exception>
    internal static TrainingDivergedException? Divergence(Recipe recipe, string folder, DataDigests digests)
        => DivergedRun.Read(folder) is { } run && run.Version == Provenance.Version && Recipe.IdentityOf(run.Recipe) == recipe.Identity
            && run.StartedFrom.All(start => start.IsUnchanged(recipe.Folder)) && run.DataSha256 == digests.OfTraining(recipe)
            ? new TrainingDivergedException(run.Message) : null;

    // What a run starts from, and what no training has made, is not written over, and that is said before anything is trained.
    internal static void RequireFolder(Recipe recipe, string folder)
    {
        string model = Path.Combine(Path.GetFullPath(folder), ModelFile);
        if (model == recipe.Model.Path || model == recipe.Features?.Path)
        {
            throw new AuditException($"{model} is what training starts from, and the trained model would be written over it. Give another folder with --out.");
        }

        string? foreign = new[] { ModelFile, ModelCard.FileName }.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
        if (foreign is not null && !File.Exists(Path.Combine(folder, TrainingRecord.FileName)) && !File.Exists(Path.Combine(folder, CheckpointFile)))
        {
            throw new AuditException($"{Path.Combine(folder, foreign)} is of no finished training, and would be written over. Give another folder with --out, or "
                + "delete it.");
        }
    }

    private static string Pixels(ModelSpec model) => model.Range is null or PixelRange.Unit && model.Channels is not ChannelOrder.Bgr ? "pixels / 255"
        : $"pixels in {(model.Range ?? PixelRange.Unit).Text()}{(model.Channels == ChannelOrder.Bgr ? ", blue first" : "")}";

    private static string TrainingData(SplitData data) => data.Validation == data.Training
        ? $"{data.Training.Name}: {data.TrainingImages.Count} images to learn from, {data.ValidationImages.Count} to select by"
        : $"{data.Training.Name}: {data.TrainingImages.Count} images to learn from; {data.Validation.Name}: {data.ValidationImages.Count} to select by";

    // The test data need not have the attribute: only training uses it.
    private static string? TestAttribute(Recipe recipe, IDataset test)
        => recipe.GroupAttribute is { } attribute && test.Attributes.Contains(attribute) ? attribute : null;

    // The file as users will run it: read again, by the engine of the audits.
    private static GroupScore[] Measure(
        Recipe recipe, string file, IDataset test, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        using var model = new OnnxRuntimeClassifier(file, recipe.Model.Options(device, threads));
        var groups = GroupTable.Of(test, TestAttribute(recipe, test));
        var set = new TrainingSet(test, recipe.Model.Transform(model.Input), [.. Enumerable.Range(0, test.Count)], groups);
        ClassScores scores = set.Scores(model, done => progress("measuring the model", done, test.Count), cancellation);
        int[] right = new int[groups.Count], count = new int[groups.Count];
        for (int i = 0; i < scores.Count; i++)
        {
            right[set.Groups[i]] += scores.IsCorrect(i) ? 1 : 0;
            count[set.Groups[i]]++;
        }

        return [.. Enumerable.Range(0, groups.Count).Select(group => new GroupScore(groups.Name(group), right[group], count[group]))];
    }
}
