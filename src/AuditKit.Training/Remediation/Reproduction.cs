using System.Globalization;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>
/// A published table measured again: every method is trained with every seed by one recipe, every model that comes out
/// is audited by one spec, and the audits' figures make the table.
/// </summary>
public sealed partial record Reproduction
{
    private const string AuditFolder = "audit";

    /// <summary>The table's title.</summary>
    public required string Name { get; init; }

    /// <summary>The table's file, as it was named.</summary>
    public string File { get; private init; } = "";

    /// <summary>The recipe that all methods share.</summary>
    public required string RecipeFile { get; init; }

    /// <summary>The spec that every model is audited by.</summary>
    public required string AuditFile { get; init; }

    /// <summary>The seeds of training; the audits keep their own.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>The seeds that a row's settings are tried with; the table's own, unless it names others.</summary>
    public IReadOnlyList<long> ChoosingSeeds { get => field ?? Seeds; init; }

    /// <summary>The columns: a heading, and the <see cref="Finding.Id"/> of the figure in it.</summary>
    public required IReadOnlyList<(string Heading, string Finding)> Figures { get; init; }

    /// <summary>The rows: a method, and what it changes in the recipe.</summary>
    public required IReadOnlyList<MethodRow> Rows { get; init; }

    /// <summary>Networks that are trained before the rows, whose recipes name their folder; null for none.</summary>
    public SourceRuns? Sources { get; init; }

    /// <summary>The row that the others of its variation are compared with, seed by seed; the first, unless the table names another.</summary>
    public MethodRow Baseline { get => field ?? Rows[0]; init; }

    /// <summary>Trains and audits; what an earlier call finished in the folder is not done again.</summary>
    /// <param name="folder">Where models and audits go, a folder a method, setting and seed.</param>
    /// <param name="device">Where to train and audit.</param>
    /// <param name="threads">Threads that run the models.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="finished">Told the rows that are finished, after each: a table of many hours is read before its end.</param>
    /// <param name="shard">Which of several pieces of the table this is, other processes having the others at the same time; null for all of it.</param>
    /// <param name="cancellation">Stops; what was finished is kept.</param>
    /// <returns>For each row (of a piece: for each of its jobs), figure and seed what was measured; null where an audit has no such figure.</returns>
    /// <exception cref="AuditException">A recipe is wrong, a model cannot be trained or audited, every training diverged, or no audit has one of the figures.</exception>
    public IReadOnlyList<MeasuredRow> Run(
        string folder, Device device, int threads, Action<string, long, long> progress, Action<IReadOnlyList<MeasuredRow>> finished,
        Shard? shard, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(finished);
        RequireFit(folder, device, threads);
        (MethodRow Row, IReadOnlyList<long> Seeds)[] jobs =
        [
            .. shard is { } held ? Jobs().Where((_, place) => held.Holds(place)) : Rows.Select(row => (row, Seeds)),
        ];
        if (jobs.Length == 0)
        {
            return [];
        }

        using IDisposable turn = FolderLock.Take(folder, "table", isShared: shard is not null);
        // A piece does not share what another one deletes at its end.
        string kept = Path.Combine(folder, KeptEmbeddings.FolderName + (shard is { } piece ? $"-{piece.FolderName}" : ""));
        var digests = new DataDigests();
        if (Rows.Any(row => NamesSources(row) && Unfinished(row, folder, digests).Any()))
        {
            Sources?.Train(folder, device, threads, progress, cancellation);
        }

        List<MeasuredRow> measured = [];
        HashSet<string> known = [];
        foreach ((MethodRow row, IReadOnlyList<long> seeds) in jobs)
        {
            IReadOnlyList<TriedSetting> tried = row.Settings.Count == 1
                ? []
                : SettingChoice.Of(row, Load(folder, row, row.Settings[0], Seeds[0]).Selection, ChoosingSeeds, (setting, seed) => Train(row, setting, seed).Validation
                    ?? throw new AuditException($"The row '{row.Name}' has a grid, but nothing is trained that validation images could choose by."));
            IReadOnlyList<string>? chosen = tried.Count == 0 ? row.Settings[0] : tried.FirstOrDefault(setting => setting.IsChosen)?.Setting;
            // The other rows' hours are not lost for a training that diverges, which has no figures then.
            List<long> diverged = [.. chosen is null ? seeds : []];
            Finding?[][] bySeed =
            [
                .. seeds.Select(seed =>
                {
                    Finding[] findings = [];
                    try
                    {
                        if (chosen is not null)
                        {
                            string run = Train(row, chosen, seed).Folder;
                            findings = [.. Measure(row, seed, run).Findings, .. TrainingRecord.Read(run)!.Findings()];
                            known.UnionWith(findings.Select(finding => finding.Id));
                        }
                    }
                    catch (TrainingDivergedException)
                    {
                        diverged.Add(seed);
                    }

                    return Figures.Select(figure => Array.Find(findings, finding => finding.Id == figure.Finding)).ToArray();
                }),
            ];
            measured.Add(new MeasuredRow(row, seeds, [.. Figures.Select((_, i) => bySeed.Select(figures => figures[i]).ToArray())])
            {
                Tried = tried,
                Diverged = diverged,
            });
            finished(measured);
        }

        KeptEmbeddings.Remove(kept);
        if (shard is null && measured.TrueForAll(row => row.Diverged.Count == row.Seeds.Count))
        {
            throw new AuditException($"{File}: every training diverged, so the table has no figures. Give lower learning rates, in {RecipeFile} or in the "
                + "rows.", ExitCode.Error);
        }

        string[] missing =
        [
            .. Figures.Where((_, i) => measured.TrueForAll(row => row.Figures[i].All(finding => finding?.Estimate is null)))
                .Select(figure => figure.Finding),
        ];
        return missing.Length == 0 || shard is not null ? measured
            : throw new AuditException($"{File}: 'figures' names {string.Join("; ", missing)}, and no row measures it.{Spelling.Nearest(missing[0], known)} "
                + "Correct it: what is trained and audited is kept.");

        (string Folder, ValidationScore? Validation) Train(MethodRow row, IReadOnlyList<string> setting, long seed)
        {
            string run = FolderOf(folder, row, setting, seed);
            Recipe recipe = Load(folder, row, setting, seed);
            string heading = string.Join(", ", [row.Name, .. setting]);
            if (TrainingRun.Finished(recipe, run, digests) is not { } record)
            {
                if (TrainingRun.Divergence(recipe, run, digests) is { } divergence)
                {
                    throw divergence;
                }

                record = TrainingRun.Run(recipe, run, int.MaxValue, kept, device, threads, Progress(heading, seed), cancellation).Record;
            }

            return (run, record.Validation);
        }

        AuditResult Measure(MethodRow row, long seed, string run)
        {
            string model = Path.GetRelativePath(Path.GetDirectoryName(AuditFile)!, Path.Combine(Path.GetFullPath(run), TrainingRun.ModelFile));
            var spec = AuditSpec.Load(AuditFile, [.. row.AuditSet, SpecMap.Assignment("model.path", model)]);
            // What another version or another audit measured is not mixed with this one's.
            var options = new AuditOptions { Folder = Path.Combine(run, AuditFolder), Threads = threads, ReplacesOther = true };
            AuditResult result = Audit.Run(spec, new ModelFiles(device, threads), options, Progress(row.Name, seed), cancellation);
            return result.Sections.FirstOrDefault(section => section.Error is not null) is not { } broken ? result
                : throw new AuditException($"{File}, row '{row.Name}', seed {seed}: the check {broken.Check} cannot be measured: {broken.Error} What is measured is "
                    + "kept; the same command goes on from there.", ExitCode.Error);
        }

        Action<string, long, long> Progress(string heading, long seed) => (what, done, total) => progress($"{heading}, seed {seed}: {what}", done, total);
    }

    /// <summary>What a table made now would have to train first: a method and a seed each, or a method whose settings are not all tried yet.</summary>
    /// <param name="folder">Where models and audits go.</param>
    /// <exception cref="AuditException">A recipe is wrong.</exception>
    public IReadOnlyList<string> Unfinished(string folder)
    {
        var digests = new DataDigests();
        return [.. Rows.SelectMany(row => Unfinished(row, folder, digests))];
    }

    private IEnumerable<string> Unfinished(MethodRow row, string folder, DataDigests digests)
    {
        if (row.Settings.Count == 1)
        {
            return Seeds.Where(seed => !HasEnded(row.Settings[0], seed))
                .Select(seed => string.Create(CultureInfo.InvariantCulture, $"{row.Name}, seed {seed}"));
        }

        // A setting is given up at the first seed that it diverges with.
        ILookup<bool, IReadOnlyList<string>> settings = row.Settings.ToLookup(setting => ChoosingSeeds.Any(seed => Divergence(setting, seed) is not null));
        return settings[false].All(setting => ChoosingSeeds.All(seed => Record(setting, seed) is not null))
            && (Chosen() is not { } chosen || Seeds.All(seed => HasEnded(chosen, seed))) ? [] : [row.Name];

        IReadOnlyList<string>? Chosen() => SettingChoice.Of(
            row, Load(folder, row, row.Settings[0], Seeds[0]).Selection, ChoosingSeeds,
            (setting, seed) => Divergence(setting, seed) is { } divergence ? throw divergence : Record(setting, seed)!.Validation!.Value)
            .FirstOrDefault(setting => setting.IsChosen)?.Setting;

        bool HasEnded(IReadOnlyList<string> setting, long seed) => Record(setting, seed) is not null || Divergence(setting, seed) is not null;

        TrainingRecord? Record(IReadOnlyList<string> setting, long seed)
            => TrainingRun.Finished(Load(folder, row, setting, seed), FolderOf(folder, row, setting, seed), digests);

        TrainingDivergedException? Divergence(IReadOnlyList<string> setting, long seed)
            => TrainingRun.Divergence(Load(folder, row, setting, seed), FolderOf(folder, row, setting, seed), digests);
    }

    private static string FolderOf(string folder, MethodRow row, IReadOnlyList<string> setting, long seed)
        => Path.Combine(folder, row.Folder(setting), string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    // What is wrong with what a row sets stands in the table, whatever file it is set in.
    private T Of<T>(MethodRow row, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (AuditException e)
        {
            throw new AuditException($"{File}, row '{row.Name}': {e.Message}", e.ExitCode, e);
        }
    }

    // Source networks are named from the recipe's folder, so that cards do not tell where on a disk they lay.
    private Recipe Load(string folder, MethodRow row, IReadOnlyList<string> setting, long seed)
    {
        string sources = Path.GetRelativePath(Path.GetDirectoryName(RecipeFile)!, SourceRuns.Folder(Path.GetFullPath(folder))).Replace('\\', '/');
        IEnumerable<string> set = [.. row.Set, .. setting, string.Create(CultureInfo.InvariantCulture, $"seed={seed}")];
        return Of(row, () => Recipe.Load(
            RecipeFile, [.. set.Select(one => one.Replace(SourceRuns.Variable, sources, StringComparison.Ordinal))], MethodCatalog.Key));
    }

    // What needs nothing of another: a row with a seed; of a row whose settings are chosen first, all seeds.
    private IEnumerable<(MethodRow Row, IReadOnlyList<long> Seeds)> Jobs() => Rows.SelectMany(row => row.Settings.Count > 1
        ? [(row, Seeds)]
        : Seeds.Select(seed => (row, (IReadOnlyList<long>)[seed])));
}
