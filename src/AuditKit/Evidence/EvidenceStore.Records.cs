using System.Security.Cryptography;
using System.Text;

namespace AuditKit.Evidence;

/// <content>Facts of the run, records of how it was made and judged, and the seal of a finished one.</content>
public sealed partial class EvidenceStore
{
    /// <summary>Records under keys that begin so say what a shard was begun with, and stay when it is opened again.</summary>
    internal const string Begun = "begun/";

    private const string SealKey = "seal";

    private string? _sealedDigest;

    /// <summary>Records a fact of the run under a key, replacing an earlier value.</summary>
    public void WriteFact(string key, string value)
    {
        _used.Facts.Add(key);
        _database.Execute("INSERT INTO fact VALUES ($0, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);
    }

    /// <summary>A fact of the run; null where it was never written.</summary>
    public string? Fact(string key)
    {
        _used.Facts.Add(key);
        return _database.Query("SELECT value FROM fact WHERE key = $0", row => row.GetString(0), key).FirstOrDefault();
    }

    /// <summary>The keys of all facts, sorted.</summary>
    public IReadOnlyList<string> FactKeys => [.. _database.Query("SELECT key FROM fact ORDER BY key", row => row.GetString(0))];

    /// <summary>Keeps a record of how the run was made or judged under a key, replacing an earlier one; it is no part of the digest.</summary>
    public void WriteRecord(string key, string value) => _database.Execute(
        $"INSERT INTO {EvidenceSchema.RecordTable} VALUES ($0, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);

    /// <summary>A record; null where it was never written.</summary>
    public string? Record(string key)
        => _database.Query($"SELECT value FROM {EvidenceSchema.RecordTable} WHERE key = $0", row => row.GetString(0), key).FirstOrDefault();

    /// <summary>
    /// SHA-256 (lower-case hex) over everything observed, whatever the order it was written in; records of making and
    /// judging are no part of it.
    /// </summary>
    public string Digest() => _sealedDigest ?? EvidenceDigest.Of(_database);

    /// <summary>Deletes what was neither read nor written since the store was opened: what an earlier spec left in the same folder.</summary>
    public void DeleteUnused() => _used.DeleteOthers(_database);

    /// <summary>Deletes the conditions that a check alone measures and that were neither read nor written since the store was opened.</summary>
    public void DeleteUnused(string check) => _used.DeleteOthers(_database, check);

    /// <summary>What the run left when it ended: it tells the store's content and records from all others. Null where it has not ended.</summary>
    internal string? KeptSeal => Record(SealKey);

    /// <summary>Ends a run: what the store holds now is what its report says, and every later change can be noticed.</summary>
    public void Seal()
    {
        string digest = EvidenceDigest.Of(_database);
        _database.Execute($"DELETE FROM {EvidenceSchema.RecordTable} WHERE key = $0", MergedKey);
        WriteRecord(SealKey, SealOf(digest));
        _sealedDigest = digest;
    }

    /// <summary>Opens a finished run for further writing; it has to be sealed again. Does nothing to an unfinished one.</summary>
    /// <returns>The digest of what it held; null where it was unfinished.</returns>
    /// <exception cref="AuditException">The store was changed after it was sealed.</exception>
    public string? Unseal()
    {
        if (KeptSeal is null)
        {
            return null;
        }

        RequireSeal();
        string? digest = _sealedDigest;
        _sealedDigest = null;
        _database.Execute($"DELETE FROM {EvidenceSchema.RecordTable} WHERE substr(key, 1, length($0)) <> $0", Begun);
        return digest;
    }

    /// <summary>Makes the store one of no run, because its outcomes cannot be trusted: no run goes on with it.</summary>
    public void Spoil() => _database.Execute("UPDATE run SET identity = ''");

    /// <summary>Refuses a store that is not sealed, or that was changed since it was.</summary>
    /// <exception cref="AuditException">The run has not finished, or the store was changed.</exception>
    public void RequireSeal()
    {
        string seal = KeptSeal
            ?? throw new AuditException($"{_path}: the evidence is of a run that has not finished. Run the audit to its end first.");
        string digest = EvidenceDigest.Of(_database);
        _sealedDigest = seal == SealOf(digest)
            ? digest
            : throw new AuditException(
                $"{_path}: the evidence was changed after its run had ended: its content does not fit the digest that the run left. "
                + "Nothing can be said from it. Audit again, with --resume false or into another folder.", ExitCode.Error);
    }

    private string SealOf(string digest)
    {
        IEnumerable<string> records = _database.Query(
            $"SELECT key, value FROM {EvidenceSchema.RecordTable} WHERE key <> $0 ORDER BY key", row => $"{row.GetString(0)}\0{row.GetString(1)}\0", SealKey);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{digest}\0{Identity}\0{string.Concat(records)}")));
    }
}
