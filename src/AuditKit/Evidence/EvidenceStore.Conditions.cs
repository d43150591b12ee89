namespace AuditKit.Evidence;

/// <content>Conditions, and what is kept of a condition besides outcomes of images.</content>
public sealed partial class EvidenceStore
{
    // Of this data set, by digest. What was used is never deleted, so a number stays right; what is renamed is forgotten here.
    private readonly Dictionary<string, long> _conditionIds = new(StringComparer.Ordinal);

    /// <summary>The conditions that something was recorded under, in the order in which they were first.</summary>
    public IReadOnlyList<Condition> Conditions => [.. _database.Query(
        "SELECT id, kind, check_key, name, origin, digest FROM condition WHERE dataset = $0 ORDER BY id",
        row => (Id: row.GetInt64(0), Kind: row.GetString(1), Check: row.GetString(2), Name: row.GetString(3), Origin: row.GetString(4),
            Digest: row.GetString(5)),
        _datasetId).ToArray().Select(row =>
        {
            var condition = new Condition(
                Enum.TryParse(row.Kind, out ConditionKind kind) ? kind : ConditionKind.Unknown,
                row.Check,
                row.Name,
                _database.Query("SELECT key, value FROM condition_option WHERE "
                    + "condition = $0", option => (option.GetString(0), (object)option.GetString(1)), row.Id).ToArray())
            {
                Origin = row.Origin,
            };
            return condition.Digest == row.Digest
                ? condition
                : throw new AuditException($"{_path}: the description of the condition '{row.Name}' was changed after it was written. Audit "
                    + "again, into another folder.", ExitCode.Error);
        })];

    /// <summary>Records a named text about a condition, such as the figures of a layer, replacing an earlier one.</summary>
    public void WriteFigure(Condition condition, string key, string value) => _database.Transaction(() => _database.Execute(
        "INSERT INTO figure VALUES ($0, $1, $2) ON CONFLICT (condition, key) DO UPDATE SET value = excluded.value", Describe(condition), key, value));

    /// <summary>What was recorded about a condition by a name; null where nothing was.</summary>
    public string? Figure(Condition condition, string key)
        => _database.Query("SELECT value FROM figure WHERE condition = $0 AND key = $1", row => row.GetString(0), ConditionId(condition), key).FirstOrDefault();

    /// <summary>All that was recorded about a condition, by name.</summary>
    public IReadOnlyDictionary<string, string> Figures(Condition condition)
        => _database.Query("SELECT key, value FROM figure WHERE "
            + "condition = $0", row => (row.GetString(0), row.GetString(1)), ConditionId(condition)).ToDictionary();

    /// <summary>
    /// Gives a condition its place among the others before anything is measured under it: what reports show in the order of measuring is then in
    /// the same order in every shard.
    /// </summary>
    internal void Announce(Condition condition) => _database.Transaction(() => Describe(condition));

    /// <summary>
    /// Gives an option of conditions of this data set another value where it has a certain one. They take the place of conditions that have the
    /// other value already, which an earlier merge has left, and have their outcomes alone.
    /// </summary>
    internal void ReplaceOption(string key, string value, string by) => _database.Transaction(() =>
    {
        foreach (Condition condition in Conditions.Where(condition => condition.Options.GetValueOrDefault(key) == value).ToArray())
        {
            var replaced = new Condition(
                condition.Kind, condition.Check, condition.Name, condition.Options.Select(option => (option.Key, (object)(option.Key == key ? by : option.Value))))
            {
                Origin = condition.Origin,
            };
            long id = FindId(condition), earlier = FindId(replaced);
            _conditionIds.Remove(condition.Digest);
            if (earlier < 0)
            {
                _database.Execute("UPDATE condition SET digest = $1 WHERE id = $0", id, replaced.Digest);
                _database.Execute("UPDATE condition_option SET value = $2 WHERE condition = $0 AND key = $1", id, key, by);
                continue;
            }

            // The earlier one's number says which place among the others it has.
            _database.Execute("DELETE FROM condition_option WHERE condition = $0", id);
            foreach (string table in EvidenceSchema.ConditionTables.Except(["condition_option"]))
            {
                _database.Execute($"DELETE FROM {table} WHERE condition = $0", earlier);
                _database.Execute($"UPDATE {table} SET condition = $1 WHERE condition = $0", id, earlier);
            }

            _database.Execute("DELETE FROM condition WHERE id = $0", id);
        }
    });

    /// <summary>The number of a condition in the file, which gets a row where it has none.</summary>
    private long Describe(Condition condition)
    {
        long id = ConditionId(condition);
        if (id >= 0)
        {
            return id;
        }

        _database.Execute(
            "INSERT INTO condition (dataset, kind, check_key, name, origin, digest) VALUES ($0, $1, $2, $3, $4, $5)",
            _datasetId, condition.Kind.ToString(), condition.Check, condition.Name, condition.Origin, condition.Digest);
        // Not kept yet: the transaction that it was written in may still be undone.
        id = FindId(condition);
        foreach ((string key, string value) in condition.Options)
        {
            _database.Execute("INSERT INTO condition_option VALUES ($0, $1, $2)", id, key, value);
        }

        return id;
    }

    // -1 for a condition that nothing was recorded under.
    private long ConditionId(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        if (!_conditionIds.TryGetValue(condition.Digest, out long id))
        {
            id = FindId(condition);
            if (id >= 0)
            {
                _conditionIds.Add(condition.Digest, id);
            }
        }

        return id;
    }

    private long FindId(Condition condition)
    {
        long id = Number("SELECT id FROM condition WHERE dataset = $0 AND digest = $1", _datasetId, condition.Digest);
        _used.Conditions.Add(id);
        return id;
    }

    /// <summary>Which images have a row of a table under a condition (by index).</summary>
    private bool[] Measured(string table, Condition condition)
    {
        bool[] measured = new bool[ImageCount];
        foreach (int image in _database.Query(
            $"SELECT image FROM {table} WHERE condition = $0", row => row.GetInt32(0), ConditionId(condition)))
        {
            measured[image] = true;
        }

        return measured;
    }

    /// <summary>Inserts rows whose first value, <c>$0</c>, is the condition's id.</summary>
    private void WriteUnder<T>(Condition condition, string sql, IReadOnlyList<T> rows, Action<T, InsertStatement> bind)
        => _database.Transaction(() =>
        {
            long id = Describe(condition);
            _database.Insert(sql, rows, (row, values) =>
            {
                values.Bind(0, id);
                bind(row, values);
            });
        });
}
