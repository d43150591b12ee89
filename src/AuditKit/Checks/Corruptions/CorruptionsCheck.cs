using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;
using AuditKit.Models;

namespace AuditKit.Checks.Corruptions;

/// <summary>
/// Predicts every image under every corruption at every severity (Hendrycks and Dietterich, ICLR 2019), and with the
/// reference model, where one is to be run, the same images.
/// </summary>
public sealed class CorruptionsCheck(CorruptionsOptions options) : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "corruptions";

    /// <summary>The option of a condition that names the corruption.</summary>
    internal const string CorruptionOption = "corruption";

    /// <summary>The option of a condition that names the severity.</summary>
    internal const string SeverityOption = "severity";

    /// <summary>The figure of a condition that says how its images were made, or that they were stored.</summary>
    internal const string Definition = "definition";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        options.Place.RequirePath(CorruptionsOptions.FrostKey, options.Frost);
        options.Place.RequirePath(CorruptionsOptions.StoredKey, options.Stored);
        var images = new CorruptedImages(options, Key);
        foreach ((CorruptionKind kind, int severity) in options.Cells)
        {
            using Cell cell = images.Open(kind, severity, data);
            if (cell.Stored is { } stored)
            {
                RequireFit(stored, cell, transform);
            }
        }
    }

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed)
        => new(options.Cells.Count() + (options.Reference?.Model is null ? 0 : options.Cells.Count(cell => cell.Kind.InBenchmark)));

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        var images = new CorruptedImages(options, Key);
        using AuditedModel? reference = options.Reference?.Model is { } model ? OpenReference(context, model) : null;
        foreach (CorruptionKind kind in options.Kinds)
        {
            var worst = new WorstPrediction();
            foreach (int severity in options.Severities)
            {
                using Cell cell = images.Open(kind, severity, context.Data);
                CellImages identified = images.Identify(cell, context);
                Condition condition = CorruptedImages.Condition(cell, identified);
                CheckContext there = identified.Stored is null ? context : context with { Data = identified.Stored };
                InferencePass.RunPredictions(there, condition, cell.Corruption);
                context.Evidence.WriteFigure(condition, Definition, cell.Corruption?.Definition ?? "Read from the stored set "
                    + $"{Path.GetFileName(options.Stored)}.");
                context.Evidence.DeleteExamples(condition);
                if (context.Share.SeesAll)
                {
                    worst.Look(context, severity, condition);
                }

                if (reference is not null && kind.InBenchmark)
                {
                    InferencePass.RunPredictions(Under(reference, there), ByReference(condition, reference), cell.Corruption);
                }

                identified.RequireUnchanged();
            }

            if (worst.Image is { } image)
            {
                using Cell cell = images.Open(kind, worst.Severity, context.Data);
                KeepExample(context, cell, images.Identify(cell, context).Stored, worst.Condition!, image);
            }
        }
    }

    private static void RequireFit(IDataset stored, Cell cell, InputTransform transform)
    {
        try
        {
            transform.RequireFit(stored.Load(0));
        }
        catch (AuditException e)
        {
            throw new AuditException($"checks.corruptions.stored, {cell.Name}: {e.Message}", inner: e);
        }
    }

    private static AuditedModel OpenReference(CheckContext context, ModelSpec spec)
    {
        AuditedModel model = context.Models.Open(spec);
        context.Inputs.Add(context.Models, model);
        if (model.Classifier.Classes == context.Model.Classes)
        {
            return model;
        }

        int classes = model.Classifier.Classes;
        model.Dispose();
        throw new AuditException(
            $"{spec.Path}: the reference model has {classes} outputs, the audited one {context.Model.Classes}. Check corruptions.reference.");
    }

    private Condition ByReference(Condition condition, AuditedModel reference) => new(
        ConditionKind.Reference, Key, $"{condition.Name} by {options.Reference!.Name}",
        [
            .. condition.Options.Select(option => (option.Key, (object)option.Value)),
            ("model", reference.Sha256),
            .. reference.Spec.Preprocessing.Select(option => ($"model.{option.Key}", (object)option.Value)),
        ]);

    private static CheckContext Under(AuditedModel reference, CheckContext context) => context with
    {
        Model = reference.Classifier,
        Transform = reference.Spec.Transform(reference.Classifier.Input),
    };

    private static void KeepExample(CheckContext context, Cell cell, IDataset? stored, Condition condition, int image)
    {
        float[] pixels = new float[context.Model.Input.Length];
        if (cell.Corruption is { } corruption)
        {
            InferencePass.LoadPerturbed(context, corruption, image, pixels);
        }
        else
        {
            InputImage.Load(stored!, context.Transform, image, pixels);
        }

        ChangedAnswer.Write(context, condition, image, "corrupted", pixels);
    }

    /// <summary>
    /// Of the images that are predicted rightly as they are, the one that is predicted wrongly with most confidence
    /// when it is corrupted.
    /// </summary>
    private sealed class WorstPrediction
    {
        private float _confidence = float.NegativeInfinity;

        public int? Image { get; private set; }

        public int Severity { get; private set; }

        public Condition? Condition { get; private set; }

        public void Look(CheckContext context, int severity, Condition condition)
        {
            foreach ((Prediction clean, Prediction prediction) in context.Evidence.Predictions(Evidence.Condition.Clean)
                .Zip(context.Evidence.Predictions(condition)))
            {
                int label = context.Data.Label(clean.Image);
                if (clean.Predicted == label && prediction.Predicted != label && prediction.Confidence > _confidence)
                {
                    (_confidence, Image, Severity, Condition) = (prediction.Confidence, clean.Image, severity, condition);
                }
            }
        }
    }
}
