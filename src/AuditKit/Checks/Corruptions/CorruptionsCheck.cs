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
    private const string ByReference = ", reference ";

    /// <inheritdoc/>
    public string Name => "corruptions";

    /// <summary>The fact that says under which condition the evidence has a corruption at a severity.</summary>
    internal static string ConditionFact(CorruptionKind kind, int severity) => $"corruptions: condition of {kind.Name}/{severity}";

    /// <summary>The same for the reference model.</summary>
    internal static string ReferenceFact(CorruptionKind kind, int severity) => $"{ConditionFact(kind, severity)}, reference";

    /// <summary>Whether a condition of the evidence holds what the reference model said.</summary>
    internal static bool IsOfReference(string condition) => condition.Contains(ByReference, StringComparison.Ordinal);

    /// <summary>The fact that says how a corruption was made, or that it was stored.</summary>
    internal static string DefinitionFact(CorruptionKind kind) => $"corruptions: definition of {kind.Name}";

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        var images = new CorruptedImages(options);
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
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        var images = new CorruptedImages(options);
        using AuditedModel? reference = options.Reference?.Model is { } model ? OpenReference(context, model) : null;
        foreach (CorruptionKind kind in options.Kinds)
        {
            var worst = new WorstPrediction();
            foreach (int severity in options.Severities)
            {
                using Cell cell = images.Open(kind, severity, context.Data);
                string condition = images.Condition(cell, context.Threads);
                CheckContext there = cell.Stored is null ? context : context with { Data = cell.Stored };
                InferencePass.RunPredictions(there, condition, cell.Corruption);
                context.Evidence.WriteFact(ConditionFact(kind, severity), condition);
                context.Evidence.WriteFact(DefinitionFact(kind), cell.Corruption?.Definition ?? $"Read from the stored set {Path.GetFileName(options.Stored)}.");
                worst.Look(context, severity, condition);
                if (reference is not null && kind.InBenchmark)
                {
                    string by = $"{condition}{ByReference}{reference.Sha256[..16]}";
                    InferencePass.RunPredictions(Under(reference, there), by, cell.Corruption);
                    context.Evidence.WriteFact(ReferenceFact(kind, severity), by);
                }
            }

            if (worst.Image is { } image)
            {
                using Cell cell = images.Open(kind, worst.Severity, context.Data);
                KeepExample(context, cell, worst.Condition, image);
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
        if (model.Classifier.Classes == context.Model.Classes)
        {
            return model;
        }

        int classes = model.Classifier.Classes;
        model.Dispose();
        throw new AuditException(
            $"{spec.Path}: the reference model has {classes} outputs, the audited one {context.Model.Classes}. Check corruptions.reference.");
    }

    private CheckContext Under(AuditedModel reference, CheckContext context) => context with
    {
        Model = reference.Classifier,
        ModelSpec = options.Reference!.Model!,
        Transform = new InputTransform(reference.Classifier.Input, options.Reference.Model!.Resize, options.Reference.Model.Crop),
    };

    private static void KeepExample(CheckContext context, Cell cell, string condition, int image)
    {
        float[] pixels = new float[context.Model.Input.Length];
        if (cell.Corruption is { } corruption)
        {
            InferencePass.LoadPerturbed(context, corruption, image, pixels);
        }
        else
        {
            InputImage.Load(cell.Stored!, context.Transform, image, pixels);
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

        public string Condition { get; private set; } = "";

        public void Look(CheckContext context, int severity, string condition)
        {
            foreach ((Prediction clean, Prediction prediction) in context.Evidence.Predictions(InferencePass.Clean).Zip(context.Evidence.Predictions(condition)))
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
