using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <content>A table's file.</content>
public sealed partial record Reproduction
{
    /// <summary>The folder with the tables that come with AuditKit.</summary>
    public const string Shipped = "audits/reproduce";

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

    private static bool NamesSources(MethodRow row)
        => row.Set.Concat(row.Settings.SelectMany(setting => setting)).Any(assignment => assignment.Contains(SourceRuns.Variable, StringComparison.Ordinal));

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
