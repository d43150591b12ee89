using AuditKit.Yaml;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>How stage 1 trains a CycleGAN.</summary>
/// <param name="Steps">Optimiser steps for a pair of subgroups.</param>
/// <param name="Batch">Images of each subgroup in a step.</param>
/// <param name="Rate">Adam's learning rate.</param>
/// <param name="FeatureMatching">How strongly made images are drawn to real ones by the discriminator's features.</param>
internal sealed record GanOptions(int Steps, int Batch, double Rate, double FeatureMatching)
{
    private static readonly IntegerKey s_steps = new("steps", "Optimiser steps for a pair of subgroups", 2000, 1, 10_000_000);
    private static readonly IntegerKey s_batch = new("batch", "Images of each subgroup in a step", 8, 1, 4096);
    private static readonly NumberKey s_rate = new("rate", "Adam's learning rate", 2e-4, 0, 1);

    private static readonly NumberKey s_matching = new(
        "feature-matching", "How strongly made images are drawn to real ones by the discriminator's features", 0, 0, 1e6);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_steps, s_batch, s_rate, s_matching];

    /// <summary>Reads <c>gan: { steps: 2000, batch: 8, rate: 0.0002, feature-matching: 0 }</c>.</summary>
    /// <exception cref="AuditException">An unknown key or a value out of range.</exception>
    public static GanOptions Parse(SpecMap? map)
    {
        map ??= SpecMap.Parse("gan", "{}");
        var options = new GanOptions(s_steps.Read(map), s_batch.Read(map), s_rate.Read(map), s_matching.Read(map));
        map.Finish();
        return options;
    }
}
