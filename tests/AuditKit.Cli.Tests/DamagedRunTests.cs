using System.Text.RegularExpressions;
using AuditKit.Evidence;
using AuditKit.Reports.Attestation;
using Microsoft.Data.Sqlite;

namespace AuditKit.Cli.Tests;

/// <summary>A signed run, damaged in hundreds of ways: its verification says what is wrong, and never breaks.</summary>
public sealed partial class DamagedRunTests(SignedRun signed) : IClassFixture<SignedRun>
{
    [Theory]
    [InlineData("report.json")]
    [InlineData("report.intoto.json")]
    public void A_report_whose_bytes_are_changed_is_wrong(string file)
    {
        string run = Copy();
        byte[] sound = File.ReadAllBytes(Path.Combine(run, file));
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. sound];
            for (int i = random.Next(4); i >= 0; i--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(Path.Combine(run, file), damaged);
            Assert.True(SaysTheSame(sound, damaged) || IsWrong(run), $"{file}, seed {seed}");
        }
    }

    [Theory]
    [InlineData("report.json")]
    [InlineData("report.intoto.json")]
    public void A_report_with_a_key_twice_is_wrong(string file)
    {
        string run = Copy();
        string path = Path.Combine(run, file);
        File.WriteAllText(path, FirstKey().Replace(File.ReadAllText(path), "{$1:0,$1:", 1));
        Assert.True(IsWrong(run));
    }

    [Theory]
    [InlineData("record")]
    [InlineData("fact")]
    public void Evidence_whose_records_are_damaged_is_wrong(string table)
    {
        string sound = Copy();
        using SqliteConnection before = Open(sound);
        List<(string Key, string Value)> records = Rows(before, table);
        Assert.NotEmpty(records);
        foreach ((string key, string value) in records)
        {
            for (int seed = 0; seed < 40; seed++)
            {
                string damaged = Damage(value, new Random(seed));
                if (damaged == value)
                {
                    continue;
                }

                string run = Copy();
                using (SqliteConnection store = Open(run))
                {
                    using SqliteCommand update = store.CreateCommand();
                    update.CommandText = $"UPDATE {table} SET value = $value WHERE key = $key";
                    update.Parameters.AddWithValue("$value", damaged);
                    update.Parameters.AddWithValue("$key", key);
                    Assert.Equal(1, update.ExecuteNonQuery());
                }

                Assert.True(IsWrong(run), $"{table} {key}, seed {seed}: {damaged}");
                Directory.Delete(run, recursive: true);
            }
        }
    }

    [Theory]
    [InlineData("UPDATE prediction SET confidence = 9e999")]
    [InlineData("UPDATE prediction SET confidence = -1")]
    [InlineData("UPDATE attack_outcome SET l2 = 9e999")]
    [InlineData("UPDATE attack_outcome SET queries = -5, iterations = 2147483647")]
    [InlineData("UPDATE logits SET vector = x'0000c07f'")]
    [InlineData("UPDATE example SET width = -3")]
    [InlineData("UPDATE class SET name = ''")]
    public void Evidence_with_numbers_that_cannot_be_is_wrong(string change)
    {
        string run = Copy();
        using (SqliteConnection store = Open(run))
        {
            using SqliteCommand command = store.CreateCommand();
            command.CommandText = change;
            Assert.True(command.ExecuteNonQuery() > 0);
        }

        Assert.True(IsWrong(run));
    }

    // Setting the PDF takes long, and one that is missing is wrong in itself: it is left out, and its step not looked at.
    private bool IsWrong(string run)
    {
        using EcdsaKey key = EcdsaKey.Load(Path.Combine(signed.Folder, "public.pem"), toSign: false);
        return RunVerification.Of(run, key, signed.Folder).Any(step => step is { Holds: false, What: not ("report.pdf" or "statement") });
    }

    // An envelope names the key as a hint, which nothing is concluded from.
    private static bool SaysTheSame(byte[] sound, byte[] damaged)
    {
        try
        {
            (DsseEnvelope a, DsseEnvelope b) = (DsseEnvelope.Parse(sound), DsseEnvelope.Parse(damaged));
            return a.PayloadType == b.PayloadType && a.Payload.AsSpan().SequenceEqual(b.Payload) && a.Signatures[0].Signature.AsSpan().SequenceEqual(b.Signatures[0].Signature);
        }
        catch (FormatException)
        {
            return sound.AsSpan().SequenceEqual(damaged);
        }
    }

    private string Copy()
    {
        string run = signed.Copy();
        File.Delete(Path.Combine(run, "report.pdf"));
        return run;
    }

    // A number, a text, a comma or a bracket becomes what it must not be.
    private static string Damage(string value, Random random)
    {
        string[] parts = Parts().Split(value);
        int at = random.Next(parts.Length);
        parts[at] = random.Next(6) switch { 0 => "null", 1 => "", 2 => "9e999", 3 => "\"\\u0000\"", 4 => "[]", _ => parts[at] + parts[at] };
        return string.Concat(parts);
    }

    private static SqliteConnection Open(string run)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(run, RunFolder.EvidenceFile)};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<(string Key, string Value)> Rows(SqliteConnection store, string table)
    {
        using SqliteCommand query = store.CreateCommand();
        query.CommandText = $"SELECT key, value FROM {table} ORDER BY key";
        using SqliteDataReader reader = query.ExecuteReader();
        List<(string, string)> rows = [];
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), reader.GetString(1)));
        }

        return rows;
    }

    [GeneratedRegex("\\{\\s*(\"[^\"]+\"):")]
    private static partial Regex FirstKey();

    [GeneratedRegex("([,:\\[\\]{}]|\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9.]+)")]
    private static partial Regex Parts();
}
