using System.Globalization;
using AuditKit.Models;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>One recipe trained with several seeds: the members of a deep ensemble, or networks for a prior to learn from.</summary>
public static class SeedRuns
{
    /// <summary>Reads a list of seeds.</summary>
    /// <param name="map">The block that has it.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="AuditException">There is none, or one is no whole number or stands there twice.</exception>
    internal static IReadOnlyList<long> Parse(SpecMap map, string key)
    {
        long[] seeds = [.. map.List(key).Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seed) ? seed : -1)];
        return seeds.Length > 0 && seeds.Distinct().Count() == seeds.Length && !seeds.Contains(-1)
            ? seeds
            : throw map.Error(key, $"'{key}' must be a list of at least one seed, whole numbers from 0, none of them twice.");
    }

    /// <summary>Trains one network after the other; those that an earlier call finished are not trained again.</summary>
    /// <param name="recipeFile">The recipe.</param>
    /// <param name="set"><c>key=value</c> assignments that replace values of the file.</param>
    /// <param name="seeds">A network for each.</param>
    /// <param name="folder">Where they go, in a folder a seed: <c>seed-1</c>.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops between steps; what was finished is kept.</param>
    /// <returns>For each seed the run's folder and record.</returns>
    /// <exception cref="AuditException">The recipe is wrong, or a network cannot be trained.</exception>
    public static IReadOnlyList<(string Folder, TrainingRecord Record)> Train(
        string recipeFile, IReadOnlyList<string> set, IEnumerable<long> seeds, string folder, Device device, int threads,
        Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(progress);
        (Recipe Recipe, string Run, string Seed)[] runs =
        [
            .. from seed in seeds.Select(seed => seed.ToString(CultureInfo.InvariantCulture))
               select (Recipe.Load(recipeFile, [.. set, $"seed={seed}"], MethodCatalog.Key), Path.Combine(folder, $"seed-{seed}"), seed),
        ];
        Array.ForEach(runs, each => TrainingRun.RequireRecipe(each.Recipe, each.Run));
        var digests = new DataDigests();
        return [.. runs.Select(each => (each.Run, TrainingRun.Finished(each.Recipe, each.Run, digests)
            ?? TrainingRun.Run(
                each.Recipe, each.Run, device, threads, (what, done, total) => progress($"seed {each.Seed}: {what}", done, total), cancellation).Record))];
    }
}
