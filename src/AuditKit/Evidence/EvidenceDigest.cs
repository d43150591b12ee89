using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SQLitePCL;

namespace AuditKit.Evidence;

/// <summary>
/// One SHA-256 over everything that a run observed: every value of every table, in an order that does not depend on
/// when it was written. The file's own bytes would not do, since a run that was interrupted lays them out otherwise.
/// </summary>
/// <remarks>
/// Rows are hashed table by table, those of outcomes condition by condition, names and numbers as in the tables:
/// a tag for the type, for texts and blobs the length, then the value (UTF-8, little-endian).
/// </remarks>
internal static class EvidenceDigest
{
    // Rows refer to these tables by row ids, which depend on the order of writing. In their place, the digest or the name that
    // the id stands for is hashed.
    private static readonly Dictionary<string, string> s_identities = new()
    {
        ["condition"] = "(SELECT name FROM dataset WHERE id = dataset) || '/' || digest || '/' || kind || '/' || check_key || '/' || name || '/' || origin",
        ["attribute"] = "(SELECT name FROM dataset WHERE id = dataset) || '/' || name",
        ["dataset"] = "name",
    };

    /// <summary>The digest in lower-case hex.</summary>
    public static string Of(EvidenceDatabase database)
    {
        using var hash = new RowHash();
        foreach (string table in Names(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
        {
            if (table == EvidenceSchema.RecordTable || s_identities.ContainsKey(table))
            {
                continue;
            }

            string[] columns = [.. Names(database, $"SELECT name FROM pragma_table_info('{table}') ORDER BY cid")];
            string? reference = s_identities.Keys.FirstOrDefault(columns.Contains);
            hash.Add(table);
            if (reference is null)
            {
                Rows(hash, database, $"SELECT {List(columns)} FROM {table} ORDER BY {List(columns)}");
                continue;
            }

            columns = [.. columns.Where(column => column != reference && column != "id")];
            foreach ((long id, string name) in database.Query(
                $"SELECT id, {s_identities[reference]} FROM {reference} "
                    + $"WHERE EXISTS (SELECT 1 FROM {table} WHERE {table}.{reference} = {reference}.id) ORDER BY 2", row => (row.GetInt64(0), row.GetString(1))))
            {
                hash.Add(name);
                Rows(hash, database, $"SELECT {List(columns)} FROM {table} WHERE {reference} = $0 ORDER BY {List(columns)}", id);
            }
        }

        return hash.Finish();
    }

    private static string List(string[] columns) => string.Join(", ", columns);

    private static List<string> Names(EvidenceDatabase database, string query) => [.. database.Query(query, row => row.GetString(0))];

    private static void Rows(RowHash hash, EvidenceDatabase database, string query, params object[] parameters)
    {
        long count = 0;
        foreach (int _ in database.Query(query, hash.Add, parameters))
        {
            count++;
        }

        hash.Add(count);
    }

    /// <summary>SHA-256 of values, which are gathered so that the hash is not called for each.</summary>
    private sealed class RowHash : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _gathered = new byte[1 << 16];
        private int _length;

        public int Add(SelectStatement row)
        {
            for (int i = 0; i < row.Columns; i++)
            {
                switch (row.Type(i))
                {
                    case raw.SQLITE_INTEGER: Add(row.GetInt64(i)); break;
                    case raw.SQLITE_FLOAT: Add('r', BitConverter.DoubleToInt64Bits(row.GetDouble(i))); break;
                    case raw.SQLITE_TEXT: Add('t', row.GetBytes(i)); break;
                    case raw.SQLITE_BLOB: Add('b', row.GetBytes(i)); break;
                    default: Append("n"u8); break;
                }
            }

            return 0;
        }

        public void Add(string text) => Add('t', Encoding.UTF8.GetBytes(text));

        public void Add(long number) => Add('i', number);

        public string Finish()
        {
            Flush();
            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public void Dispose() => _hash.Dispose();

        private void Add(char tag, ReadOnlySpan<byte> bytes)
        {
            Add(tag, bytes.Length);
            Append(bytes);
        }

        private void Add(char tag, long number)
        {
            Span<byte> bytes = stackalloc byte[1 + sizeof(long)];
            bytes[0] = (byte)tag;
            BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number);
            Append(bytes);
        }

        private void Append(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > _gathered.Length - _length)
            {
                Flush();
            }

            if (bytes.Length > _gathered.Length)
            {
                _hash.AppendData(bytes);
                return;
            }

            bytes.CopyTo(_gathered.AsSpan(_length));
            _length += bytes.Length;
        }

        private void Flush()
        {
            _hash.AppendData(_gathered.AsSpan(0, _length));
            _length = 0;
        }
    }
}
