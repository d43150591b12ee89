using System.Globalization;
using System.Text;
using System.Text.Json;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Statistics;

namespace AuditKit.Proposals;

/// <summary>An audit's spec for a model and data that nobody has written one for, with comments that a newcomer learns from.</summary>
public static class AuditProposal
{
    private const double Confidence = 0.95;

    // How far a gate stands from what was measured: another sample of images must not fail it by bad luck.
    private const double Margin = 0.01;

    /// <summary>Writes the spec.</summary>
    /// <param name="name">The audit's name.</param>
    /// <param name="model">The model as it should be used; its path as the spec is to have it.</param>
    /// <param name="data">The keys of the <c>data:</c> block and their values as YAML.</param>
    /// <param name="images">Images of the data set in all.</param>
    /// <param name="choice">How the preprocessing was found.</param>
    /// <param name="figures">What was measured.</param>
    /// <param name="hasEmbedding">Whether the model gives an embedding.</param>
    /// <param name="noted">What the model's own file says: it need not be written where it is so.</param>
    public static string Write(
        string name, ModelSpec model, IReadOnlyList<(string Key, string Value)> data, int images, PreprocessingChoice choice, SampleFigures figures,
        bool hasEmbedding, ModelNotes noted)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(figures);
        var yaml = new StringBuilder();
        Line($"# A proposal of 'auditkit init', measured on {NumberText.Count(figures.Accuracy.Count)} of {NumberText.Count(images)} images.");
        Line("# Every number below it is yours to change: gates stand a margin below what the model did, not where your use needs them.");
        Line($"name: {Text(name)}");
        Line("seed: 1                  # every random draw comes from it: the same seed, the same figures");
        Line("confidence: 0.95         # a gate passes where this confidence's bound clears it");
        Line("model:");
        Line($"  path: {Text(model.Path)}");
        foreach (string words in PreprocessingWords.Of(choice))
        {
            Line($"  # {words}");
        }

        foreach ((string key, string value) in Keys(model, noted))
        {
            Line($"  {key}: {value}");
        }

        Line("data:");
        foreach ((string key, string value) in data)
        {
            Line($"  {key}: {value}");
        }

        Line("checks:");
        Line($"  accuracy: {{ min: {Below(ClopperPearson.Lower(figures.Accuracy, Confidence))} }}"
            + $"   # {NumberText.Percent(figures.Accuracy.Estimate)} of {NumberText.Count(figures.Accuracy.Count)} images were right");
        Line("  subgroups:             # an average hides groups that the model fails");
        Line($"    by: [{string.Join(", ", figures.Groupings.Select(grouping => Text(grouping.Grouping)))}]");
        if (figures.Groupings.Min(grouping => grouping.WorstAtLeast) is { } worst)
        {
            Line($"    min-worst: {Below(worst)}      # for every group");
        }

        Line("    min-size: 30         # a smaller group cannot be judged");
        Line("  stability:             # changes that a person hardly sees must not change the answer");
        Line($"    perturbations: [{string.Join(", ", figures.Perturbations)}]");
        Line($"    max-flip-rate: {Above(ClopperPearson.Upper(figures.Flips, Confidence))}");
        Line("  calibration: {}        # is a confidence of 90 % right in 90 %? Reported, not gated");
        if (hasEmbedding)
        {
            Line($"  near-duplicates: {{ perturbations: [{string.Join(", ", figures.Perturbations)}] }}   # do the model's features find copies of an image?");
        }

        Line("  simba:                 # an attacker who sees probabilities alone; add max-success: { 100: 0.5 } to gate it");
        Line("    images: 50");
        Line("    iterations: 100");
        return yaml.ToString();

        void Line(string text) => yaml.Append(text).Append('\n');
    }

    /// <summary>The keys of a <c>model:</c> block that a preprocessing needs, with their values as YAML.</summary>
    /// <param name="model">The model as it should be used.</param>
    /// <param name="noted">What is said of it: what a run takes from its file by itself is written where it should be otherwise.</param>
    public static IEnumerable<(string Key, string Value)> Keys(ModelSpec model, ModelNotes noted)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(noted);
        (ChannelOrder? channels, PixelRange? range) = noted.OwnDefaults;
        return new (string Key, string? Value)[]
        {
            ("input", model.Input is { } input ? $"[{input.Channels}, {input.Height}, {input.Width}]" : null),
            ("channels", model.Channels is { } order && order != (channels ?? ChannelOrder.Rgb) ? order.ToString().ToLowerInvariant() : null),
            ("range", model.Range is { } values && (range is not null ? values != range || model.Mean.Count > 0 : values != PixelRange.Unit)
                ? values.ToString().ToLowerInvariant() : null),
            ("mean", model.Mean.Count > 0 ? List(model.Mean) : null),
            ("std", model.Std.Count > 0 ? List(model.Std) : null),
            ("resize", model.Resize?.ToString(CultureInfo.InvariantCulture)),
            ("crop", model.Crop ? "true" : null),
            ("stretch", model.Stretch ? "true" : null),
        }.Where(key => key.Value is not null).Select(key => (key.Key, key.Value!));
    }

    /// <summary>A text as YAML: double quotes and JSON's escapes hold every text.</summary>
    public static string Text(string text) => JsonSerializer.Serialize(text);

    private static string List(IReadOnlyList<double> values)
        => $"[{string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]";

    private static string Below(double proportion) => Math.Max(0, Math.Floor((proportion - Margin) * 100) / 100).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Above(double proportion)
        => Math.Min(1, Math.Ceiling((proportion + Margin) * 100) / 100).ToString("0.00", CultureInfo.InvariantCulture);
}
