using AuditKit.Yaml;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>How autoencoders of kernels are built and trained. Widths that are not given are the authors', by the kernels' size.</summary>
/// <param name="Hidden">Width of the hidden layers; null for 32 from 7×7 on, 64 below.</param>
/// <param name="Code">Numbers in a code; null for 2 from 7×7 on, 4 below.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Seed">The seed of every draw: another one than the run's, whose priors are those of all runs of a table.</param>
internal sealed record KernelVaeSettings(int? Hidden, int? Code, int Steps, long Seed)
{
    private const int Large = 7 * 7;

    private static readonly IntegerKey s_hidden = new(
        "hidden", "Width of the autoencoder's hidden layers; absent, 32 for kernels from 7×7 on, else 64", null, 1, 4096);
    private static readonly IntegerKey s_code = new("z", "Numbers in the autoencoder's code; absent, 2 for kernels from 7×7 on, else 4", null, 1, 1024);
    private static readonly IntegerKey s_steps = new("vae-steps", "Optimiser steps of the autoencoder", 20_000, 1, 10_000_000);
    private static readonly IntegerKey s_seed = new("vae-seed", "The seed of the autoencoder's draws", 1, 0, int.MaxValue);

    /// <summary>The keys of a method that learns kernels.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_hidden, s_code, s_steps, s_seed];

    /// <summary>Reads <c>hidden: 64, z: 4, vae-steps: 20000, vae-seed: 1</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static KernelVaeSettings Parse(SpecMap map)
        => new(map.Has(s_hidden.Key) ? s_hidden.Read(map) : null, map.Has(s_code.Key) ? s_code.Read(map) : null, s_steps.Read(map), s_seed.Read(map));

    /// <summary>The width of the hidden layers for kernels of so many numbers.</summary>
    public int HiddenFor(int size) => Hidden ?? (size >= Large ? 32 : 64);

    /// <summary>The numbers in a code for kernels of so many numbers.</summary>
    public int CodeFor(int size) => Code ?? (size >= Large ? 2 : 4);
}
