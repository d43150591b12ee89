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

    [Fact]
    public void Evidence_whose_records_are_damaged_is_wrong_also_where_its_seal_fits()
    {
        string value = Value(Copy());
        for (int seed = 0; seed < 80; seed++)
        {
            string damaged = Damage(value, new Random(seed));
            if (damaged != value)
            {
                string run = Copy();
                Change(run, "UPDATE record SET value = $value WHERE key = 'run'", damaged);
                Assert.True(IsWrong(run), $"seed {seed}: {damaged}");
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
    [InlineData("UPDATE figure SET value = 'null'")]
    [InlineData("UPDATE figure SET value = '{\"Name\":\"a\",\"Name\":\"b\"}'")]
    [InlineData("UPDATE figure SET value = ''")]
    [InlineData("UPDATE class SET name = ''")]
    public void Evidence_with_numbers_that_cannot_be_is_wrong_also_where_its_seal_fits(string change)
    {
        string run = Copy();
        Change(run, change, "");
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
            return a.PayloadType == b.PayloadType && a.Payload.AsSpan().SequenceEqual(b.Payload)
                && a.Signatures[0].Signature.AsSpan().SequenceEqual(b.Signatures[0].Signature);
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

    // Whoever forges evidence seals it, too: what is found must be found by those who read it.
    private static void Change(string run, string change, string value)
    {
        string path = Path.Combine(run, RunFolder.EvidenceFile);
        string identity;
        using (SqliteConnection connection = Open(run))
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = change;
            command.Parameters.AddWithValue("$value", value);
            Assert.True(command.ExecuteNonQuery() > 0, change);
            command.CommandText = "SELECT identity FROM run";
            identity = (string)command.ExecuteScalar()!;
        }

        try
        {
            using EvidenceStore store = EvidenceStore.Open(path, identity);
            store.Seal();
        }
        catch (AuditException)
        {
            // Found already.
        }
    }

    private static string Value(string run)
    {
        using SqliteConnection connection = Open(run);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM record WHERE key = 'run'";
        return (string)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string run)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(run, RunFolder.EvidenceFile)};Pooling=False");
        connection.Open();
        return connection;
    }

    [GeneratedRegex("\\{\\s*(\"[^\"]+\"):")]
    private static partial Regex FirstKey();

    [GeneratedRegex("([,:\\[\\]{}]|\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9.]+)")]
    private static partial Regex Parts();
}
