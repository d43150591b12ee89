using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

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
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string table in Names(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
        {
            if (table == EvidenceSchema.RecordTable || s_identities.ContainsKey(table))
            {
                continue;
            }

            string[] columns = [.. Names(database, $"SELECT name FROM pragma_table_info('{table}') ORDER BY cid")];
            string? reference = s_identities.Keys.FirstOrDefault(columns.Contains);
            Add(hash, table);
            if (reference is null)
            {
                Rows(hash, database, $"SELECT {List(columns)} FROM {table} ORDER BY {List(columns)}");
                continue;
            }

            columns = [.. columns.Where(column => column != reference && column != "id")];
            foreach ((long id, string name) in database.Query(
                $"SELECT id, {s_identities[reference]} FROM {reference} WHERE id IN (SELECT {reference} FROM "
                    + $"{table}) ORDER BY 2", row => (row.GetInt64(0), row.GetString(1))))
            {
                Add(hash, name);
                Rows(hash, database, $"SELECT {List(columns)} FROM {table} WHERE {reference} = $0 ORDER BY {List(columns)}", id);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string List(string[] columns) => string.Join(", ", columns);

    private static List<string> Names(EvidenceDatabase database, string query) => [.. database.Query(query, row => row.GetString(0))];

    private static void Rows(IncrementalHash hash, EvidenceDatabase database, string query, params object[] parameters)
    {
        long count = 0;
        foreach (int _ in database.Query(query, row => Add(hash, row), parameters))
        {
            count++;
        }

        Add(hash, count);
    }

    private static int Add(IncrementalHash hash, SqliteDataReader row)
    {
        for (int i = 0; i < row.FieldCount; i++)
        {
            switch (row.GetValue(i))
            {
                case long number: Add(hash, number); break;
                case double number: Add(hash, 'r', BitConverter.DoubleToInt64Bits(number)); break;
                case string text: Add(hash, text); break;
                case byte[] blob: Add(hash, 'b', blob.Length); hash.AppendData(blob); break;
                default: hash.AppendData("n"u8); break;
            }
        }

        return 0;
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, 't', bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, long number) => Add(hash, 'i', number);

    private static void Add(IncrementalHash hash, char tag, long number)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = (byte)tag;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number);
        hash.AppendData(bytes);
    }
}
