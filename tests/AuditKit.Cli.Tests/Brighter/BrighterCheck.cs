using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Yaml;

namespace AuditKit.Cli.Tests.Brighter;

/// <summary>What a spec says under <c>brighter</c>: <c>{ by: 20, max-flip-rate: 0.05 }</c>.</summary>
public sealed record BrighterOptions : ICheckOptions
{
    private static readonly IntegerKey s_by = new("by", "Levels of 255 that every sample is raised by", 20, 1, 255) { Example = "100" };
    private static readonly LimitKey s_maxFlipRate = new("max-flip-rate", "The largest share of flips", ThresholdKind.AtMost) { Example = "0.9" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = "brighter",
        Assesses = "stability under added light",
        Keys = [s_by, s_maxFlipRate],
        Parse = Parse,
        Clauses = ["ai-act-15 15(4), errors and inconsistencies"],
    };

    /// <summary>Levels of 255 that every sample is raised by, 1 to 255.</summary>
    public int By { get; init => field = s_by.Require(value); } = s_by.Default;

    /// <summary>The largest flip rate; null to report it only.</summary>
    public Threshold? MaxFlipRate { get; init => field = s_maxFlipRate.Require(value); }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <summary>What the outcomes are kept under: the limit is no part of it, so a changed limit measures nothing again.</summary>
    internal Condition Condition => new(ConditionKind.Perturbed, Check.Key, $"brighter-{By}", ("by", By));

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => new(new BrighterCheck(this), new BrighterAnalysis(this));

    private static BrighterOptions Parse(SpecMap map, string folder)
    {
        var options = new BrighterOptions { By = s_by.Read(map), MaxFlipRate = s_maxFlipRate.Read(map) };
        map.Finish();
        return options;
    }
}

/// <summary>Predicts every image as it is, and with light added.</summary>
public sealed class BrighterCheck(BrighterOptions options) : ICheck
{
    /// <inheritdoc/>
    public string Name => BrighterOptions.Check.Key;

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        InferencePass.RunClean(context);
        InferencePass.RunPredictions(context, options.Condition, new AddedLight(options.By));
    }

    private sealed record AddedLight(int By) : IPerturbation
    {
        public string Name => $"brighter-{By}";

        public string Description => $"{By} is added to every sample; what exceeds 255 is 255.";

        public Image Apply(Image image, CounterRandom random)
            => new(image.Width, image.Height, image.Channels, [.. image.Samples.Select(sample => (byte)Math.Min(sample + By, 255))]);
    }
}

/// <summary>The share of predictions that the light changes.</summary>
public sealed class BrighterAnalysis(BrighterOptions options) : IAnalysis
{
    private static readonly MethodText s_text = MethodText.Of<BrighterAnalysis>();

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        Prediction[] before = CleanOutcomes.ReadPredictions(evidence, Condition.Clean);
        Prediction[] after = CleanOutcomes.ReadPredictions(evidence, options.Condition);
        var flips = Proportion.Of(before.Zip(after, (one, other) => one.Predicted != other.Predicted));
        return new Section
        {
            Check = BrighterOptions.Check.Key,
            Title = "Stability under added light",
            Summary = "Every image was classified as it is and with light added, which should not change the answer.",
            Method = [s_text.Paragraph("flips", ("levels", options.By))],
            Findings = [Gate.Judge(BrighterOptions.Check.Key, "flip rate", options.Condition.Name, flips, options.MaxFlipRate, confidence)],
        };
    }
}
