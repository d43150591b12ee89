namespace AuditKit.Evidence;

/// <summary>
/// What of a store has been read or written since it was opened. A run asks for everything that its spec needs, so what
/// it did not ask for was left by an earlier spec in the same folder.
/// </summary>
internal sealed class UsedEvidence
{
    /// <summary>Data sets, by name.</summary>
    public HashSet<string> Datasets { get; } = [EvidenceSchema.AuditedData];

    /// <summary>Conditions, by their numbers in the file.</summary>
    public HashSet<long> Conditions { get; } = [];

    /// <summary>Attributes, by their numbers in the file.</summary>
    public HashSet<long> Attributes { get; } = [];

    /// <summary>Facts, by key.</summary>
    public HashSet<string> Facts { get; } = [];

    /// <summary>Takes everything for unused again.</summary>
    public void Forget()
    {
        Datasets.Clear();
        Datasets.Add(EvidenceSchema.AuditedData);
        Conditions.Clear();
        Attributes.Clear();
        Facts.Clear();
    }

    /// <summary>Deletes a check's other conditions from the file.</summary>
    public void DeleteOthers(EvidenceDatabase database, string check) => database.Transaction(
        () => DeleteConditions(database, Numbers(database, "SELECT id FROM condition WHERE check_key = $0 AND origin = ''", check)));

    /// <summary>Deletes everything else from the file.</summary>
    public void DeleteOthers(EvidenceDatabase database) => database.Transaction(() =>
    {
        DeleteConditions(database, Numbers(database, "SELECT id FROM condition"));
        foreach (long id in Numbers(database, "SELECT id FROM attribute").Where(id => !Attributes.Contains(id)))
        {
            database.Execute("DELETE FROM attribute_value WHERE attribute = $0", id);
            database.Execute("DELETE FROM attribute WHERE id = $0", id);
        }

        foreach (string name in Names("SELECT name FROM dataset").Where(name => !Datasets.Contains(name)))
        {
            database.Execute("DELETE FROM image WHERE dataset = (SELECT id FROM dataset WHERE name = $0)", name);
            database.Execute("DELETE FROM dataset WHERE name = $0", name);
        }

        foreach (string key in Names("SELECT key FROM fact").Where(key => !Facts.Contains(key)))
        {
            database.Execute("DELETE FROM fact WHERE key = $0", key);
        }

        string[] Names(string query) => [.. database.Query(query, row => row.GetString(0))];
    });

    private static long[] Numbers(EvidenceDatabase database, string query, params object[] parameters)
        => [.. database.Query(query, row => row.GetInt64(0), parameters)];

    private void DeleteConditions(EvidenceDatabase database, IEnumerable<long> all)
    {
        foreach (long id in all.Where(id => !Conditions.Contains(id)))
        {
            foreach (string table in EvidenceSchema.ConditionTables)
            {
                database.Execute($"DELETE FROM {table} WHERE condition = $0", id);
            }

            database.Execute("DELETE FROM condition WHERE id = $0", id);
        }
    }
}
