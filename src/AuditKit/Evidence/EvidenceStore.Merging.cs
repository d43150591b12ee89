namespace AuditKit.Evidence;

/// <content>Bringing shards of a run together.</content>
public sealed partial class EvidenceStore
{
    // Numbers of a shard's conditions, attributes or data set in its file, and the numbers that they have here.
    private const string NumberHere = "number_here";

    // The record of which shards are in the store, until it is sealed.
    private const string MergedKey = "merged";

    /// <summary>Room for sorting rows, in KiB.</summary>
    private const int SortingCache = 8 * 1024;

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

    // The tables whose rows others refer to by number, and what tells such a row from others.
    private static readonly (string Table, string Columns)[] s_numbered =
        [("dataset", "id, name"), ("attribute", "id, dataset, name"), ("condition", "id, dataset, digest")];

    /// <summary>
    /// Copies all that shards of the run have observed; their records are left, which say how the shards were made. What has been gathered lies in
    /// a file of its own until all of it is here, so that an interrupted merge goes on where it was.
    /// </summary>
    /// <param name="shards">The files of the shards, whose identities the caller has looked at, and their seals.</param>
    /// <param name="gathering">The file for what has been gathered; begun anew where it is of other shards or of another store.</param>
    /// <param name="progress">Told how many have been read, after each.</param>
    /// <exception cref="AuditException">
    /// One is about other images, or something in it is otherwise in another: an image that both measured was answered differently.
    /// </exception>
    internal void Merge(IReadOnlyList<(string Path, string Seal)> shards, string gathering, Action<int> progress)
    {
        string[] seals = [.. shards.Select(shard => shard.Seal).Distinct().Order(StringComparer.Ordinal)];
        string merged = string.Join('\n', seals);
        if (Record(MergedKey) != merged)
        {
            InsertAll(shards, gathering, seals, merged, progress);
        }

        File.Delete(gathering);
        // What the audit does not ask for goes with the rest that nothing asks for.
        _used.Forget();
        _conditionIds.Clear();
        ReadDescription();
    }

    private void InsertAll(
        IReadOnlyList<(string Path, string Seal)> shards, string gathering, string[] seals, string merged, Action<int> progress)
    {
        _database.Execute($"CREATE TEMP TABLE {NumberHere} (theirs INTEGER PRIMARY KEY, here INTEGER NOT NULL) STRICT");
        // What sorts takes the room of this cache for its own.
        _database.Execute($"PRAGMA main.cache_size = -{SortingCache}");
        Attach(gathering, seals);
        try
        {
            foreach ((int i, (string path, string seal)) in shards.Index())
            {
                if (Number("SELECT count(*) FROM gathering.shard WHERE seal = $0", seal) == 0)
                {
                    Gather(path, seal);
                }

                progress(i + 1);
            }

            // All tables or none: what a shard that is refused has in one must not be kept against the others.
            _database.Transaction(() =>
            {
                Array.ForEach(s_merged, Insert);
                WriteRecord(MergedKey, merged);
            });
        }
        finally
        {
            _database.Execute("DETACH DATABASE gathering");
            _database.Execute($"DROP TABLE temp.{NumberHere}");
        }
    }

    // What an interrupted merge has gathered, or an empty file.
    private void Attach(string gathering, string[] seals)
    {
        if (File.Exists(gathering) && GoesOn(gathering, seals))
        {
            return;
        }

        File.Delete(gathering);
        File.Delete($"{gathering}-journal");
        _database.Execute("ATTACH DATABASE $0 AS gathering", Path.GetFullPath(gathering));
        // Every shard has rows all over a table. They are gathered first and sorted once, because a table would else be written anew for each.
        _database.Transaction(() =>
        {
            _database.Execute("CREATE TABLE gathering.shard (number INTEGER PRIMARY KEY, seal TEXT NOT NULL UNIQUE, path TEXT NOT NULL) STRICT");
            foreach ((string table, string columns) in s_numbered)
            {
                _database.Execute($"CREATE TABLE gathering.numbered_{table} AS SELECT {columns} FROM main.{table} WHERE false");
            }

            foreach (MergedTable table in s_merged)
            {
                _database.Execute($"CREATE TABLE gathering.gathered_{table.Name} AS SELECT 0 AS shard, {List(Columns(table))} FROM main.{table.Name} WHERE false");
            }
        });
    }

    // Attaches the file if it is one to go on with.
    private bool GoesOn(string gathering, string[] seals)
    {
        try
        {
            _database.Execute("ATTACH DATABASE $0 AS gathering", Path.GetFullPath(gathering));
        }
        catch (AuditException)
        {
            // No database.
            return false;
        }

        bool goesOn = FitsHere(seals);
        if (!goesOn)
        {
            _database.Execute("DETACH DATABASE gathering");
        }

        return goesOn;
    }

    // Whether all that was gathered is of these shards, and the numbers that its rows refer to still stand for the same here.
    private bool FitsHere(string[] seals)
    {
        try
        {
            return _database.Query("PRAGMA gathering.quick_check(1)", row => row.GetString(0)).SequenceEqual(["ok"])
                && _database.Query("SELECT seal FROM gathering.shard", row => row.GetString(0)).All(seals.Contains)
                && Array.TrueForAll(s_numbered, each => !_database.Query(
                    $"SELECT {each.Columns} FROM gathering.numbered_{each.Table} EXCEPT SELECT {each.Columns} FROM main.{each.Table}", _ => 1).Any());
        }
        catch (AuditException)
        {
            // Damaged, or killed before its tables were made.
            return false;
        }
    }

    private void Gather(string path, string seal)
    {
        using EvidenceStore shard = OpenRead(path);
        if (shard.KeptSeal != seal)
        {
            throw new AuditException($"{path} was written to while it was merged. Merge again when it has finished.", ExitCode.Error);
        }

        _database.Execute("ATTACH DATABASE $0 AS shard", Path.GetFullPath(path));
        try
        {
            _database.Transaction(
                () =>
                {
                    int number = (int)Number("SELECT count(*) FROM gathering.shard");
                    _database.Execute("INSERT INTO gathering.shard VALUES ($0, $1, $2)", number, seal, path);
                    Gather(number, shard);
                    foreach ((string table, string columns) in s_numbered)
                    {
                        _database.Execute($"DELETE FROM gathering.numbered_{table}");
                        _database.Execute($"INSERT INTO gathering.numbered_{table} SELECT {columns} FROM main.{table}");
                    }
                },
                readsOther: true);
        }
        finally
        {
            _database.Execute("DETACH DATABASE shard");
        }
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
            _database.Execute($"INSERT INTO gathering.gathered_{table.Name} SELECT $0, {columns} FROM {source}{order}", number);
        }
    }

    private void Insert(MergedTable table)
    {
        string[] columns = Columns(table), values = [.. columns.Except(table.Key)];
        long before = Count();
        // A row that is there with other values is updated to its own, which only counts it.
        _database.Execute($"INSERT INTO main.{table.Name} AS mine ({List(columns)}) SELECT {List(columns)} FROM gathering.gathered_{table.Name} WHERE true "
            + $"ORDER BY {(table.Name == "example" ? "rowid" : List(table.Key) + ", rowid")} ON CONFLICT ({List(table.Key)}) DO UPDATE "
            + $"SET {values[0]} = mine.{values[0]} WHERE {Differ("excluded")}");
        if (Number("SELECT changes()") == Count() - before)
        {
            return;
        }

        string theSame = string.Join(" AND ", table.Key.Select(column => $"mine.{column} = gathered.{column}"));
        (string shard, string what) = _database.Query(
            $"SELECT path, {table.Subject} FROM (SELECT gathered.* FROM gathering.gathered_{table.Name} AS gathered "
                + $"JOIN main.{table.Name} AS mine ON {theSame} WHERE {Differ("gathered")} LIMIT 1) JOIN gathering.shard ON number = shard",
            row => (row.GetString(0), row.GetString(1))).Single();
        throw new AuditException($"{shard}: {what} is otherwise there ({table.Name}) than in another shard, or than in "
            + $"{_path} if that was merged before: they were measured by engines or of files that differ. Where a shard was measured again, merge into another folder, or with --resume false.",
                ExitCode.Error);

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
