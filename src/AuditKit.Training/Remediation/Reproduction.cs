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
public sealed record Reproduction
{
    /// <summary>The folder with the tables that come with AuditKit.</summary>
    public const string Shipped = "audits/reproduce";

    private const string AuditFolder = "audit";

    /// <summary>The table's title.</summary>
    public required string Name { get; init; }

    /// <summary>The recipe that all methods share.</summary>
    public required string RecipeFile { get; init; }

    /// <summary>The spec that every model is audited by.</summary>
    public required string AuditFile { get; init; }

    /// <summary>The seeds of training; the audits keep their own.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>The columns: a heading, and the <see cref="Finding.Id"/> of the figure in it.</summary>
    public required IReadOnlyList<(string Heading, string Finding)> Figures { get; init; }

    /// <summary>The rows: a method, and what it changes in the recipe.</summary>
    public required IReadOnlyList<MethodRow> Rows { get; init; }

    /// <summary>Reads a table's YAML file.</summary>
    /// <param name="nameOrFile">The name of a table that comes with AuditKit, or a file.</param>
    /// <exception cref="AuditException">There is no such table, or a key or value cannot be used.</exception>
    public static Reproduction Load(string nameOrFile)
    {
        ArgumentNullException.ThrowIfNull(nameOrFile);
        string file = File.Exists(nameOrFile) ? nameOrFile : Path.Combine(Shipped, $"{nameOrFile}.yaml");
        if (!File.Exists(file))
        {
            string[] files = Directory.Exists(Shipped) ? Directory.GetFiles(Shipped, "*.yaml") : [];
            IEnumerable<string> shipped = files.Where(IsTable).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
            throw new AuditException($"There is no table '{nameOrFile}', and no such file. {Shipped} has: "
                + $"{string.Join(", ", shipped.DefaultIfEmpty("none"))}.");
        }

        SpecMap map = SpecMap.Parse(file, SpecMap.ReadFile(file));
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        SpecMap figures = map.Map("figures");
        var table = new Reproduction
        {
            Name = map.Text("name"),
            RecipeFile = Path.GetFullPath(map.Text("recipe"), folder),
            AuditFile = Path.GetFullPath(map.Text("audit"), folder),
            Seeds = [.. map.Numbers("seeds", null, 0, long.MaxValue).Select(seed => (long)seed)],
            Figures = [.. figures.Keys.Select(heading => (heading, figures.Text(heading)))],
            Rows = [.. map.Maps("rows").Select(MethodRow.Parse)],
        };
        map.Finish();
        return table;
    }

    /// <summary>Trains and audits; what an earlier call finished in the folder is not done again.</summary>
    /// <param name="folder">Where models and audits go, a folder a method and seed.</param>
    /// <param name="device">Where to train and audit.</param>
    /// <param name="threads">Threads that run the models.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops; what was finished is kept.</param>
    /// <returns>For each row, figure and seed what was measured; null where an audit has no such figure.</returns>
    /// <exception cref="AuditException">A model cannot be trained or audited, or no audit has one of the figures.</exception>
    public IReadOnlyList<MeasuredRow> Run(string folder, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        List<MeasuredRow> measured = [];
        foreach (MethodRow row in Rows)
        {
            Finding?[][] bySeed =
            [
                .. Seeds.Select(seed =>
                {
                    string run = Path.Combine(folder, row.FolderName, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));
                    AuditResult result = Measure(
                        row, seed, run, device, threads, (what, done, total) => progress($"{row.Name}, seed {seed}: {what}", done, total), cancellation);
                    return Figures.Select(figure => result.Findings.FirstOrDefault(finding => finding.Id == figure.Finding)).ToArray();
                }),
            ];
            measured.Add(new MeasuredRow(row, [.. Figures.Select((_, i) => bySeed.Select(figures => figures[i]).ToArray())]));
        }

        string[] missing =
        [
            .. Figures.Where((_, i) => measured.TrueForAll(row => row.Figures[i].All(finding => finding?.Estimate is null)))
                .Select(figure => figure.Finding),
        ];
        return missing.Length == 0 ? measured
            : throw new AuditException($"{AuditFile} measures nothing called {string.Join("; ", missing)}. Correct 'figures'.");
    }

    private AuditResult Measure(
        MethodRow row, long seed, string run, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        var recipe = Recipe.Load(RecipeFile, [.. row.Set, string.Create(CultureInfo.InvariantCulture, $"seed={seed}")], MethodCatalog.Key);
        if (!TrainingRun.IsDone(recipe, run))
        {
            TrainingRun.Run(recipe, run, device, threads, progress, cancellation);
        }

        string model = Path.GetRelativePath(Path.GetDirectoryName(AuditFile)!, Path.Combine(Path.GetFullPath(run), TrainingRun.ModelFile));
        var spec = AuditSpec.Load(AuditFile, [.. row.AuditSet, SpecMap.Assignment("model.path", model)]);
        var options = new AuditOptions { Folder = Path.Combine(run, AuditFolder), Threads = threads };
        return Audit.Run(spec, new ModelFiles(device, threads), options, progress, cancellation);
    }

    private static bool IsTable(string file) => SpecMap.Parse(file, SpecMap.ReadFile(file)).Has("rows");
}

/// <summary>One method of a table.</summary>
/// <param name="Name">The row's heading.</param>
/// <param name="Set">What it changes in the recipe, <c>key=value</c>.</param>
/// <param name="AuditSet">What it changes in the audit, <c>key=value</c>: how its model takes images, say.</param>
/// <param name="Published">Published figures by the column's heading, as the source prints them.</param>
public sealed record MethodRow(string Name, IReadOnlyList<string> Set, IReadOnlyList<string> AuditSet, IReadOnlyDictionary<string, string> Published)
{
    /// <summary>The name with everything but letters and digits as dashes.</summary>
    internal string FolderName => string.Concat(Name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    internal static MethodRow Parse(SpecMap map)
    {
        SpecMap? published = map.OptionalMap("published");
        var row = new MethodRow(
            map.Text("name"),
            map.List("set", []),
            map.List("audit-set", []),
            published?.Keys.ToDictionary(heading => heading, published.Text) ?? []);
        map.Finish();
        return row;
    }
}

/// <summary>What was measured for one method.</summary>
/// <param name="Row">The method.</param>
/// <param name="Figures">For each column the finding of each seed; null where the audit has none.</param>
public sealed record MeasuredRow(MethodRow Row, IReadOnlyList<IReadOnlyList<Finding?>> Figures);
