using AuditKit.Yaml;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>How stage 1 trains a CycleGAN.</summary>
/// <param name="Steps">Optimiser steps for a class.</param>
/// <param name="Batch">Images of each subgroup in a step.</param>
/// <param name="Rate">Adam's learning rate.</param>
internal sealed record GanOptions(int Steps, int Batch, double Rate)
{
    /// <summary>Reads <c>gan: { steps: 2000, batch: 8, rate: 0.0002 }</c>.</summary>
    /// <exception cref="AuditException">An unknown key or a value out of range.</exception>
    public static GanOptions Parse(SpecMap? map)
    {
        map ??= SpecMap.Parse("gan", "{}");
        var options = new GanOptions(map.Integer("steps", 2000, 1, 10_000_000), map.Integer("batch", 8, 1, 4096), map.Number("rate", 2e-4, 0, 1));
        map.Finish();
        return options;
    }
}
