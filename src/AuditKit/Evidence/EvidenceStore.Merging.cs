namespace AuditKit.Evidence;

/// <content>Bringing shards of a run together.</content>
public sealed partial class EvidenceStore
{
    // Numbers of a shard's conditions, attributes or data set in its file, and the numbers that they have here.
    private const string NumberHere = "number_here";

    /// <summary>Room for sorting rows, in KiB.</summary>
    private const int SortingCache = 16 * 1024;

    /// <summary>
    /// The tables that are merged: what a row refers to by its number in the file, its key, and how an error calls it. An example has a number
    /// of its own, by which those of an image stay in the order in which they were written.
    /// </summary>
    private static readonly MergedTable[] s_merged =
    [
        new("image", "dataset", ["dataset", "position"], "'image ' || position"),
        new("attribute_value", "attribute", ["attribute", "image"], "'image ' || image"),
        .. EvidenceSchema.OutcomeTables.Select(table => new MergedTable(
            table, "condition", table == "example" ? ["condition", "image", "label"] : ["condition", "image"], "'image ' || image")),
        new("figure", "condition", ["condition", "key"], "key"),
        new("fact", "", ["key"], "key"),
    ];

    /// <summary>
    /// Copies all that shards of the run have observed. What is here already is kept, so an interrupted merge is simply done again; their
    /// records are left, which say how the shards were made.
    /// </summary>
    /// <param name="shards">The files of the shards, whose identities the caller has looked at.</param>
    /// <param name="progress">Told how many have been read, after each.</param>
    /// <exception cref="AuditException">
    /// One is about other images, or something in it is otherwise in another: an image that both measured was answered differently.
    /// </exception>
    internal void Merge(IReadOnlyList<string> shards, Action<int> progress)
    {
        // Every shard has rows all over a table. They are gathered first and sorted once, because a table would else be written anew for each.
        _database.Execute($"PRAGMA cache_size = -{SortingCache}");
        _database.Execute($"CREATE TEMP TABLE {NumberHere} (theirs INTEGER PRIMARY KEY, here INTEGER NOT NULL) STRICT");
        foreach (MergedTable table in s_merged)
        {
            _database.Execute($"CREATE TEMP TABLE gathered_{table.Name} AS SELECT 0 AS shard, {List(Columns(table))} FROM main.{table.Name} WHERE false");
        }

        try
        {
            foreach ((int i, string path) in shards.Index())
            {
                using EvidenceStore shard = OpenRead(path);
                _database.Execute("ATTACH DATABASE $0 AS shard", Path.GetFullPath(path));
                try
                {
                    _database.Transaction(() => Gather(i, shard), readsOther: true);
                }
                finally
                {
                    _database.Execute("DETACH DATABASE shard");
                }

                progress(i + 1);
            }

            // All tables or none: what a shard that is refused has in one must not be kept against the others.
            _database.Transaction(() => Array.ForEach(s_merged, table => Insert(table, shards)));
        }
        finally
        {
            foreach (string table in s_merged.Select(table => $"gathered_{table.Name}").Append(NumberHere))
            {
                _database.Execute($"DROP TABLE temp.{table}");
            }
        }

        // What the audit does not ask for goes with the rest that nothing asks for.
        _used.Forget();
        _conditionIds.Clear();
        ReadDescription();
    }

    private void Gather(int number, EvidenceStore shard)
    {
        GatherDataset(number, shard);
        foreach (string dataset in shard.FurtherData)
        {
            Of(dataset).GatherDataset(number, shard.Of(dataset));
        }

        Gather(number, "", []);
    }

    private void GatherDataset(int number, EvidenceStore shard)
    {
        RequireClasses(shard.Classes);
        if (ImageCount > 0 && ImageCount != shard.ImageCount)
        {
            throw OtherImages();
        }

        WriteDataset(shard.Classes);
        _database.Execute("UPDATE dataset SET images = $1 WHERE id = $0", DatasetId(), shard.ImageCount);
        ReadDescription();
        Gather(number, "dataset", [(shard.DatasetId(), _datasetId)]);
        Gather(number, "attribute", [.. shard.Attributes.Select(name => (shard.AttributeId(name), WrittenAttribute(name)))]);
        Gather(number, "condition", [.. shard.Conditions.Select(condition => (shard.FindId(condition), Describe(condition)))]);
    }

    // The rows that refer to one of some numbers of the shard's.
    private void Gather(int number, string reference, IReadOnlyList<(long Theirs, long Here)> numbers)
    {
        _database.Execute($"DELETE FROM temp.{NumberHere}");
        foreach ((long theirs, long here) in numbers)
        {
            _database.Execute($"INSERT INTO temp.{NumberHere} VALUES ($0, $1)", theirs, here);
        }

        foreach (MergedTable table in s_merged.Where(table => table.Reference == reference))
        {
            string columns = List(Columns(table).Select(column => column == reference ? "here" : column));
            string source = reference.Length == 0 ? $"shard.{table.Name}" : $"shard.{table.Name} JOIN temp.{NumberHere} ON theirs = {reference}";
            string order = table.Name == "example" ? " ORDER BY id" : "";
            _database.Execute($"INSERT INTO temp.gathered_{table.Name} SELECT $0, {columns} FROM {source}{order}", number);
        }
    }

    private void Insert(MergedTable table, IReadOnlyList<string> shards)
    {
        string[] columns = Columns(table), values = [.. columns.Except(table.Key)];
        long before = Count();
        // A row that is there with other values is updated to its own, which only counts it.
        _database.Execute($"INSERT INTO main.{table.Name} AS mine ({List(columns)}) SELECT {List(columns)} FROM temp.gathered_{table.Name} WHERE true "
            + $"ORDER BY {(table.Name == "example" ? "rowid" : List(table.Key) + ", rowid")} ON CONFLICT ({List(table.Key)}) DO UPDATE "
            + $"SET {values[0]} = mine.{values[0]} WHERE {Differ("excluded")}");
        if (Number("SELECT changes()") == Count() - before)
        {
            return;
        }

        string theSame = string.Join(" AND ", table.Key.Select(column => $"mine.{column} = gathered.{column}"));
        (string shard, string what) = _database.Query(
            $"SELECT shard, {table.Subject} FROM (SELECT gathered.* FROM temp.gathered_{table.Name} AS gathered "
                + $"JOIN main.{table.Name} AS mine ON {theSame} WHERE {Differ("gathered")} LIMIT 1)",
            row => (shards[row.GetInt32(0)], row.GetString(1))).Single();
        throw new AuditException($"{shard}: {what} is otherwise there ({table.Name}) than in another shard, or than in "
            + $"{_path} if that was merged before: they were measured by engines or of files that differ.", ExitCode.Error);

        long Count() => Number($"SELECT count(*) FROM main.{table.Name}");

        string Differ(string other) => string.Join(" OR ", values.Select(column => $"mine.{column} IS NOT {other}.{column}"));
    }

    private string[] Columns(MergedTable table) =>
    [
        .. _database.Query($"SELECT name FROM pragma_table_info('{table.Name}') ORDER BY cid", row => row.GetString(0))
            .Where(column => column != "id"),
    ];

    private static string List(IEnumerable<string> columns) => string.Join(", ", columns);

    private sealed record MergedTable(string Name, string Reference, string[] Key, string Subject);
}
