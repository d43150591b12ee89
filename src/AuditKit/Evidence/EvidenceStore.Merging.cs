namespace AuditKit.Evidence;

/// <content>Bringing shards of a run together.</content>
public sealed partial class EvidenceStore
{
    // Numbers of the shard's conditions and attributes in its file, and the numbers that they have here.
    private const string Numbers = "temp.number_here";

    /// <summary>Room for the tables that rows are sorted into, in KiB: with less, every shard would read and write them all again.</summary>
    private const int MergeCache = 64 * 1024;

    /// <summary>
    /// Copies all that a shard of the run has observed. What is here already is kept, so an interrupted merge is simply done again; its
    /// records are left, which say how the shard was made.
    /// </summary>
    /// <param name="shard">The shard, whose identity the caller has looked at.</param>
    /// <exception cref="AuditException">
    /// It is about other images, or something that is here already is otherwise in it: an image that both measured was answered differently.
    /// </exception>
    internal void Merge(EvidenceStore shard)
    {
        _database.Execute($"PRAGMA cache_size = -{MergeCache}");
        _database.Execute("ATTACH DATABASE $0 AS shard", Path.GetFullPath(shard._path));
        try
        {
            _database.Transaction(() => MergeAttached(shard), readsOther: true);
        }
        finally
        {
            _database.Execute("DETACH DATABASE shard");
        }

        ReadDescription();
    }

    private void MergeAttached(EvidenceStore shard)
    {
        MergeDataset(shard);
        foreach (string dataset in shard.FurtherData)
        {
            Of(dataset).MergeDataset(shard.Of(dataset));
        }

        Copy(shard, "fact", "fact", ["key"], ["key", "value"], "source.key");
    }

    private void MergeDataset(EvidenceStore shard)
    {
        RequireClasses(shard.Classes);
        if (ImageCount > 0 && ImageCount != shard.ImageCount)
        {
            throw OtherImages();
        }

        WriteDataset(shard.Classes);
        _database.Execute("UPDATE dataset SET images = $1 WHERE id = $0", DatasetId(), shard.ImageCount);
        ReadDescription();

        _database.Execute($"CREATE TEMP TABLE IF NOT EXISTS {Numbers["temp.".Length..]} (theirs INTEGER PRIMARY KEY, here INTEGER NOT NULL) STRICT");
        Number(shard.Conditions.Select(condition => (shard.FindId(condition), Describe(condition))));
        foreach (string table in EvidenceSchema.ConditionTables.Except(["condition_option"]))
        {
            // An example has a number of its own, by which those of an image stay in the order in which they were written.
            string[] columns = [.. Columns(table).Except(["id"])];
            string[] key = table == "figure" ? ["condition", "key"] : table == "example" ? ["condition", "image", "label"] : ["condition", "image"];
            Copy(shard, table, "condition", key, columns, table == "figure" ? "source.key" : "'image ' || source.image");
        }

        Number(shard.Attributes.Select(name => (shard.AttributeId(name), WrittenAttribute(name))));
        Copy(shard, "attribute_value", "attribute", ["attribute", "image"], Columns("attribute_value"), "'image ' || source.image");
    }

    private void Number(IEnumerable<(long Theirs, long Here)> numbers)
    {
        _database.Execute($"DELETE FROM {Numbers}");
        foreach ((long theirs, long here) in numbers.ToArray())
        {
            _database.Execute($"INSERT INTO {Numbers} VALUES ($0, $1)", theirs, here);
        }
    }

    // Rows that refer to a condition or an attribute do so by its number here.
    private void Copy(EvidenceStore shard, string table, string reference, string[] key, string[] columns, string what)
    {
        bool isNumbered = columns.Contains(reference);
        string source = isNumbered ? $"shard.{table} AS source JOIN {Numbers} ON theirs = source.{reference}" : $"shard.{table} AS source";
        string same = string.Join(" AND ", key.Select(column => $"mine.{column} = {Theirs(column)}"));
        string[] values = [.. columns.Except(key)];
        string? different = _database.Query(
            $"SELECT {what} FROM {source} JOIN main.{table} AS mine ON {same} WHERE {string.Join(" OR ", values.Select(
                column => $"mine.{column} IS NOT source.{column}"))} LIMIT 1",
            row => row.GetString(0)).FirstOrDefault();
        if (different is not null)
        {
            throw new AuditException($"{shard._path}: {different} is otherwise there ({table}) than in a shard that was merged before it: they were "
                + "measured by engines or of files that differ.", ExitCode.Error);
        }

        _database.Execute($"INSERT INTO main.{table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", columns.Select(Theirs))} FROM {source} "
            + $"WHERE true {(table == "example" ? "ORDER BY source.id " : "")}ON CONFLICT DO NOTHING");

        string Theirs(string column) => isNumbered && column == reference ? "here" : $"source.{column}";
    }

    private string[] Columns(string table)
        => [.. _database.Query($"SELECT name FROM pragma_table_info('{table}') ORDER BY cid", row => row.GetString(0))];
}
