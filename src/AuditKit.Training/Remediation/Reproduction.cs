using System.Globalization;
using AuditKit.Comparisons;
using AuditKit.Data;
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
public sealed record Reproduction
{
    /// <summary>The folder with the tables that come with AuditKit.</summary>
    public const string Shipped = "audits/reproduce";

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

    /// <summary>Reads a table's YAML file.</summary>
    /// <param name="nameOrFile">The name of a table that comes with AuditKit, or a file.</param>
    /// <exception cref="AuditException">There is no such table, or a key or value cannot be used.</exception>
    public static Reproduction Load(string nameOrFile)
    {
        ArgumentNullException.ThrowIfNull(nameOrFile);
        string file = System.IO.File.Exists(nameOrFile) ? nameOrFile : FileOf(nameOrFile);
        SpecMap map = SpecMap.Parse(file, SpecMap.ReadFile(file));
        SpecKind.Table.Require(file, map);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        SpecMap figures = map.Map("figures");
        MethodRow[] rows = [.. map.Maps("rows").Select(MethodRow.Parse)];
        if (rows.Length == 0)
        {
            throw map.Error("rows", "the table has no rows.");
        }

        SpecMap? variations = map.OptionalMap("variations");
        if (variations is not null && !variations.Keys.Any())
        {
            throw map.Error("variations", "'variations' has none. Leave it out, or name one.");
        }

        MethodRow[] methods = rows;
        rows = variations is null ? rows : [.. variations.Keys.SelectMany(name => Vary(variations, name, methods))];
        if (rows.FirstOrDefault(row => row.FolderName is SourceRuns.FolderName or KeptEmbeddings.FolderName) is { } reserved)
        {
            throw map.Error("rows", $"no row may be called '{reserved.Name}': what rows share has a folder of that name.");
        }

        if (rows.GroupBy(row => row.FolderName).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw map.Error("rows", $"the rows {string.Join(" and ", same.Select(row => $"'{row.Name}'"))} would share the folder {same.Key}: "
                + "only letters and digits tell names apart.");
        }

        if (rows.SelectMany(row => row.Published.Keys).FirstOrDefault(heading => !figures.Keys.Contains(heading)) is { } unknown)
        {
            throw map.Error("rows", $"'published' names the column '{unknown}', and 'figures' has no such.{Spelling.Nearest(unknown, figures.Keys)}");
        }

        foreach (MethodRow row in rows)
        {
            string[] assignments = [.. row.Set, .. row.Settings.SelectMany(setting => setting)];
            if (assignments.Any(assignment => assignment.Split('=')[0].Trim() == "seed"))
            {
                throw map.Error("rows", $"the row '{row.Name}' sets 'seed', and the seeds of all rows are those under 'seeds'.");
            }

            if (!map.Has("sources") && NamesSources(row))
            {
                throw map.Error("rows", $"the row '{row.Name}' names {SourceRuns.Variable}, the networks that 'sources' trains, and the table has no 'sources'.");
            }
        }

        IReadOnlyList<long> seeds = SeedRuns.Parse(map, "seeds");
        var table = new Reproduction
        {
            Name = map.Text("name"),
            File = file,
            RecipeFile = Path.GetFullPath(map.Text("recipe"), folder),
            AuditFile = Path.GetFullPath(map.Text("audit"), folder),
            Seeds = seeds,
            ChoosingSeeds = map.Has("choosing-seeds") ? SeedRuns.Parse(map, "choosing-seeds") : seeds,
            Figures = [.. figures.Keys.Select(heading => (heading, figures.Text(heading)))],
            Sources = SourceRuns.Parse(map.OptionalMap("sources"), folder),
            Rows = rows,
            Baseline = map.OptionalText("baseline") is { } baseline
                ? rows.FirstOrDefault(row => row.Method == baseline)
                    ?? throw map.Error("baseline", $"no row is called '{baseline}'.{Spelling.Nearest(baseline, methods.Select(row => row.Name))}")
                : rows[0],
        };
        map.Finish();
        return table;

        // A variation changes the recipe alone (a list), or the audit, too: { set: […], audit-set: […] }.
        static IEnumerable<MethodRow> Vary(SpecMap variations, string name, MethodRow[] methods)
        {
            SpecMap? both = variations.IsMapping(name) ? variations.Map(name) : null;
            (IReadOnlyList<string> set, IReadOnlyList<string> auditSet) = both is null
                ? (variations.List(name), [])
                : (both.List("set", []), both.List("audit-set", []));
            both?.Finish();
            return methods.Select(row => row.In(name, set, auditSet));
        }
    }

    /// <summary>Trains and audits; what an earlier call finished in the folder is not done again.</summary>
    /// <param name="folder">Where models and audits go, a folder a method, setting and seed.</param>
    /// <param name="device">Where to train and audit.</param>
    /// <param name="threads">Threads that run the models.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="finished">Told the rows that are finished, after each: a table of many hours is read before its end.</param>
    /// <param name="shard">Which of several pieces of the table this is, other processes having the others at the same time; null for all of it.</param>
    /// <param name="cancellation">Stops; what was finished is kept.</param>
    /// <returns>For each row (of a piece: for each of its jobs), figure and seed what was measured; null where an audit has no such figure.</returns>
    /// <exception cref="AuditException">A recipe is wrong, a model cannot be trained or audited, or no audit has one of the figures.</exception>
    public IReadOnlyList<MeasuredRow> Run(
        string folder, Device device, int threads, Action<string, long, long> progress, Action<IReadOnlyList<MeasuredRow>> finished,
        Shard? shard, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(finished);
        // Before the first network is trained, for hours may lie between it and the last.
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
        Sources?.Train(folder, device, threads, progress, cancellation);
        List<MeasuredRow> measured = [];
        HashSet<string> known = [];
        var digests = new DataDigests();
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

    // Reads all recipes and specs, opens what they start from, which many have in common, and sees whether their methods fit it.
    private void RequireFit(string folder, Device device, int threads)
    {
        TrainingRun.RequireDevice(device);
        long[] seeds = [.. ChoosingSeeds.Union(Seeds)];
        HashSet<string> checks = [TrainingRecord.Check, PairedRuns.Check];
        List<(MethodRow Row, Recipe Recipe)> begun = [];
        foreach (MethodRow row in Rows)
        {
            (string Folder, Recipe Recipe)[] runs =
            [
                .. from setting in row.Settings
                   from seed in seeds
                   select (FolderOf(folder, row, setting, seed), Require(folder, row, setting, seed)),
            ];
            AuditSpec spec = Of(row, () => AuditSpec.Load(
                AuditFile, [.. row.AuditSet, SpecMap.Assignment("model.path", TrainingRun.ModelFile)], catalog: null, mustExist: false));
            SameImages(runs[0].Recipe.Model, spec.Model, row);
            Of(row, () => DatasetCatalog.Open(spec.Data).Dispose());
            checks.UnionWith(spec.Checks.Select(check => check.Descriptor.Key));
            begun.AddRange(runs.Where(run => TrainingRecord.Read(run.Folder) is null && !StartsFromTable(folder, run.Recipe)).Select(run => (row, run.Recipe)));
        }

        foreach ((MethodRow Row, Recipe Recipe)[] alike in begun.GroupBy(each => each.Recipe.Beginning).Select(alike => alike.ToArray()))
        {
            using TrainingStart start = Of(alike[0].Row, () => TrainingStart.Of(alike[0].Recipe, device, threads));
            // A method is the same with every seed.
            foreach ((MethodRow row, Recipe recipe) in alike.Where(each => each.Recipe.Seed == seeds[0] && !NamesSources(each.Row)))
            {
                Of(row, () => TrainingRun.RequireMethod(start, recipe with { Model = start.Model }, device, threads));
            }
        }

        RequireFigures(checks);
    }

    // What the table itself trains first is not there yet: a model that another row gives, or networks to learn from.
    private static bool StartsFromTable(string folder, Recipe recipe) => !System.IO.File.Exists(recipe.Model.Path)
        && recipe.Model.Path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool NamesSources(MethodRow row)
        => row.Set.Concat(row.Settings.SelectMany(setting => setting)).Any(assignment => assignment.Contains(SourceRuns.Variable, StringComparison.Ordinal));

    /// <summary>What a table made now would have to train first: a method and a seed each, or a method whose settings are not all tried yet.</summary>
    /// <param name="folder">Where models and audits go.</param>
    /// <exception cref="AuditException">A recipe is wrong.</exception>
    public IReadOnlyList<string> Unfinished(string folder)
    {
        var digests = new DataDigests();
        return [.. Rows.SelectMany(Missing)];

        IEnumerable<string> Missing(MethodRow row)
        {
            if (row.Settings.Count == 1)
            {
                return Seeds.Where(seed => !HasEnded(row, row.Settings[0], seed))
                    .Select(seed => string.Create(CultureInfo.InvariantCulture, $"{row.Name}, seed {seed}"));
            }

            // A setting is given up at the first seed that it diverges with.
            ILookup<bool, IReadOnlyList<string>> settings = row.Settings.ToLookup(setting => ChoosingSeeds.Any(seed => HasDiverged(row, setting, seed)));
            bool isChosen = settings[false].All(setting => ChoosingSeeds.All(seed => IsDone(row, setting, seed)));
            bool isTrained = !settings[false].Any() || settings[false].Any(setting => Seeds.All(seed => HasEnded(row, setting, seed)));
            return isChosen && isTrained ? [] : [row.Name];
        }

        bool HasEnded(MethodRow row, IReadOnlyList<string> setting, long seed) => IsDone(row, setting, seed) || HasDiverged(row, setting, seed);

        bool IsDone(MethodRow row, IReadOnlyList<string> setting, long seed)
            => TrainingRun.IsDone(Load(folder, row, setting, seed), FolderOf(folder, row, setting, seed), digests);

        bool HasDiverged(MethodRow row, IReadOnlyList<string> setting, long seed)
            => TrainingRun.Divergence(Load(folder, row, setting, seed), FolderOf(folder, row, setting, seed), digests) is not null;
    }

    // A figure tells nothing of a network that was shown other images than it has learnt from. Channels, range and shape that the audit leaves out are
    // the file's own to say, and so is a shape that the recipe leaves out.
    private void SameImages(ModelSpec learnt, ModelSpec shown, MethodRow row)
    {
        ModelSpec trained = Whole(learnt with { Input = learnt.Input ?? shown.Input });
        ModelSpec audited = Whole(shown with { Channels = shown.Channels ?? learnt.Channels, Range = shown.Range ?? learnt.Range, Input = shown.Input ?? learnt.Input });
        foreach (((string key, string expected), (_, string actual)) in trained.Preprocessing.Zip(audited.Preprocessing))
        {
            if (actual != expected && key is "input" or "channels" or "range" or "mean" or "std" or "resize" or "crop" or "stretch")
            {
                throw new AuditException($"{AuditFile}: model.{key} is {Or(actual)}, where {RecipeFile} trains with {Or(expected)} (row '{row.Name}'). "
                    + "Make them the same, in the files or by 'audit-set'.");
            }
        }

        static ModelSpec Whole(ModelSpec model) => model with
        {
            Channels = model.Channels ?? ChannelOrder.Rgb,
            Range = model.Range ?? PixelRange.Unit,
            Mean = model.Mean.All(value => value == 0) ? [] : model.Mean,
            Std = model.Std.All(value => value == 1) ? [] : model.Std,
        };

        static string Or(string value) => value.Length > 0 ? value : "none";
    }

    // A metric that is misspelt shows when it is measured; a check that is not there can be told before hours of training.
    private void RequireFigures(IReadOnlyCollection<string> checks)
    {
        if (Figures.FirstOrDefault(figure => !checks.Contains(figure.Finding.Split('/')[0])) is { Finding: { } unknown })
        {
            throw new AuditException($"{File}: 'figures' names '{unknown}', and what is measured is {string.Join(", ", checks)} alone."
                + Spelling.Nearest(unknown.Split('/')[0], checks));
        }
    }

    private static string FolderOf(string folder, MethodRow row, IReadOnlyList<string> setting, long seed)
        => Path.Combine(folder, row.Folder(setting), string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    // The recipe of a training, whose folder holds no other's.
    private Recipe Require(string folder, MethodRow row, IReadOnlyList<string> setting, long seed)
    {
        Recipe recipe = Load(folder, row, setting, seed);
        TrainingRun.RequireRecipe(recipe, FolderOf(folder, row, setting, seed));
        TrainingRun.RequireFolder(recipe, FolderOf(folder, row, setting, seed));
        return recipe;
    }

    private void Of(MethodRow row, Action require) => Of(row, () =>
    {
        require();
        return row;
    });

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

    // A table by its name: here, or in the checkout of the launcher that has started the program.
    private static string FileOf(string name)
    {
        string[] folders = [Shipped, .. Path.GetDirectoryName(ProgramName.Launcher) is { } checkout ? [Path.Combine(checkout, Shipped)] : Array.Empty<string>()];
        if (folders.Select(folder => Path.Combine(folder, $"{name}.yaml")).FirstOrDefault(System.IO.File.Exists) is { } file)
        {
            return file;
        }

        if (folders.FirstOrDefault(Directory.Exists) is not { } there)
        {
            throw new AuditException($"There is no table '{name}', and no such file: there is no folder {Shipped} here. Start in AuditKit's checkout, or name a "
                + "YAML file.");
        }

        string[] shipped =
        [
            .. Directory.GetFiles(there, "*.yaml").Where(IsTable).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
        ];
        throw new AuditException($"There is no table '{name}', and no such file.{Spelling.Nearest(name, shipped)} {there} has: "
            + $"{string.Join(", ", shipped.DefaultIfEmpty("none"))}.");
    }

    /// <summary>Whether a YAML file is a table, rather than the spec of an audit.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="AuditException">It cannot be read, or is no YAML.</exception>
    public static bool IsTable(string file) => SpecKind.Table.IsOf(SpecMap.Parse(file, SpecMap.ReadFile(file)));
}
