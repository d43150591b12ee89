using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuditKit.Evidence;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>One signed run, copied for every test that tampers with it.</summary>
public sealed class SignedRun : IDisposable
{
    private readonly SmallAudit _audit = new(60);

    public SignedRun()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(Folder, "key.pem"), key.ExportECPrivateKeyPem());
        File.WriteAllText(Path.Combine(Folder, "public.pem"), key.ExportSubjectPublicKeyInfoPem());
        _audit.WriteSpec("accuracy: { min: 0.9 }\n  simba: { images: 5, epsilon: 0.2, iterations: 60 }\n  weights: {}");
        (ExitCode exit, string output) = _audit.Run("--sign", "key.pem");
        Assert.True(exit == ExitCode.Pass, output);
    }

    public string Folder => _audit.Folder;

    public string Copy()
    {
        string copy = Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(Folder, "run")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    public (ExitCode ExitCode, string Output) Verify(string run, params string[] arguments) => CommandLine.Run(Folder, ["verify", run, .. arguments]);

    public void Dispose() => _audit.Dispose();
}

public sealed class VerifyCommandTests(SignedRun signed) : IClassFixture<SignedRun>
{
    [Fact]
    public void An_untouched_run_holds_in_every_respect()
    {
        (ExitCode exit, string output) = signed.Verify("run", "--key", "public.pem", "--model", "model.onnx", "--data");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.DoesNotContain("not checked", output);
        Assert.Equal(10, output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("report.json")]
    [InlineData("report.html")]
    [InlineData("report.pdf")]
    [InlineData("report.sarif")]
    [InlineData("junit.xml")]
    [InlineData("summary.md")]
    [InlineData("report.intoto.json")]
    public void A_changed_byte_of_a_report_is_found(string file)
    {
        string run = signed.Copy();
        string path = Path.Combine(run, file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        (ExitCode exit, string output) = signed.Verify(run, "--key", "public.pem");
        Assert.True(exit == ExitCode.GateFailed, output);
    }

    [Theory]
    [InlineData("UPDATE prediction SET predicted = 1 - predicted WHERE image = 7")]
    [InlineData("UPDATE prediction SET confidence = confidence - 0.000001 WHERE image = 7")]
    [InlineData("DELETE FROM prediction WHERE image = 7")]
    [InlineData("UPDATE attack_outcome SET iterations = iterations + 1")]
    [InlineData("UPDATE logits SET vector = x'0000000000000000' WHERE image = 7")]
    [InlineData("UPDATE record SET value = replace(value, '0.9', '0.1') WHERE key = 'run'")]
    public void A_changed_outcome_is_found_without_any_signature(string change)
    {
        string run = signed.Copy();
        using (EvidenceStore store = Open(run))
        {
            store.Database.Execute(change);
        }

        File.Delete(Path.Combine(run, "report.intoto.json"));
        (ExitCode exit, string output) = signed.Verify(run);
        Assert.True(exit == ExitCode.GateFailed, output);
        Assert.Contains("WRONG        evidence.sqlite", output);
        Assert.Contains("was changed after its run had ended", output);
    }

    [Fact]
    public void A_store_that_is_consistent_but_of_other_outcomes_does_not_give_the_reports()
    {
        string run = signed.Copy();
        using (EvidenceStore store = Open(run))
        {
            store.Database.Execute("UPDATE prediction SET predicted = 1 - predicted WHERE image = 3");
            store.Seal();
        }

        (ExitCode exit, string output) = signed.Verify(run);
        Assert.True(exit == ExitCode.GateFailed, output);
        Assert.Contains("report.json", output);
    }

    [Fact]
    public void The_first_figure_that_differs_is_named()
    {
        string run = signed.Copy();
        string path = Path.Combine(run, "report.json");
        JsonNode report = JsonNode.Parse(File.ReadAllBytes(path))!;
        report["sections"]![0]!["findings"]![0]!["estimate"] = 0.5;
        File.WriteAllText(path, report.ToJsonString());
        (ExitCode exit, string output) = signed.Verify(run);
        Assert.True(exit == ExitCode.GateFailed, output);
        Assert.Contains("/sections/0/findings/0/estimate is 0.5, the evidence gives 1", output);
    }

    [Fact]
    public void Bytes_of_the_evidence_file_cannot_change_what_it_says_under_a_signature()
    {
        string run = signed.Copy();
        string path = Path.Combine(run, "evidence.sqlite");
        byte[] original = File.ReadAllBytes(path);
        string content = Content();
        int found = 0;
        for (int at = 100; at < original.Length; at += original.Length / 5)
        {
            byte[] bytes = [.. original];
            bytes[at] ^= 1;
            File.WriteAllBytes(path, bytes);
            (ExitCode exit, string output) = signed.Verify(run, "--key", "public.pem");
            // What is signed is the evidence's content: bytes that the file does not use are no part of it.
            found += exit == ExitCode.GateFailed ? 1 : 0;
            Assert.True(exit == ExitCode.GateFailed || Content() == content, $"byte {at}: {output}");
        }

        Assert.NotEqual(0, found);

        string Content()
        {
            using EvidenceStore evidence = EvidenceStore.OpenRead(path);
            return evidence.Digest();
        }
    }

    [Fact]
    public void Another_key_model_or_data_is_found()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(signed.Folder, "other.pem"), other.ExportSubjectPublicKeyInfoPem());
        OnnxFile.Write(SmallAudit.Model(1), Path.Combine(signed.Folder, "other.onnx"));
        using var audit = new SmallAudit(61);
        Assert.Contains("WRONG        signature", Failing("--key", "other.pem"));
        Assert.Contains("WRONG        model", Failing("--model", "other.onnx"));
        Assert.Contains("WRONG        data", Failing("--data", Path.Combine(audit.Folder, "data")));

        string Failing(params string[] arguments)
        {
            (ExitCode exit, string output) = signed.Verify("run", arguments);
            Assert.True(exit == ExitCode.GateFailed, output);
            return output;
        }
    }

    [Fact]
    public void The_statement_says_what_was_tested_and_how_it_ended()
    {
        JsonNode envelope = JsonNode.Parse(File.ReadAllBytes(Path.Combine(signed.Folder, "run", "report.intoto.json")))!;
        JsonNode statement = JsonNode.Parse(Convert.FromBase64String(envelope["payload"]!.GetValue<string>()))!;
        Assert.Equal("https://in-toto.io/Statement/v1", statement["_type"]!.GetValue<string>());
        Assert.Equal("https://in-toto.io/attestation/test-result/v0.1", statement["predicateType"]!.GetValue<string>());
        Assert.Equal("PASSED", statement["predicate"]!["result"]!.GetValue<string>());
        Assert.Equal(["accuracy/accuracy"], statement["predicate"]!["passedTests"]!.AsArray().Select(test => test!.GetValue<string>()));
        string model = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(signed.Folder, "model.onnx"))));
        Assert.Equal(model, statement["subject"]![0]!["digest"]!["sha256"]!.GetValue<string>());
        string report = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(signed.Folder, "run", "report.pdf"))));
        Assert.Contains(report, Encoding.UTF8.GetString(Convert.FromBase64String(envelope["payload"]!.GetValue<string>())));
    }

    [Fact]
    public void The_outcomes_are_exported_as_tables()
    {
        (ExitCode exit, string output) = CommandLine.Run(signed.Folder, "export", "run", "--out", "tables");
        Assert.True(exit == ExitCode.Pass, output);
        // 60 images as they are, and under the four usual preprocessings that the spec does not name.
        Assert.Equal(1 + (5 * 60), File.ReadAllLines(Path.Combine(signed.Folder, "tables", "outcomes.csv")).Length);
        Assert.Equal(6, File.ReadAllLines(Path.Combine(signed.Folder, "tables", "attacks.csv")).Length);
    }

    private static EvidenceStore Open(string run)
    {
        string path = Path.Combine(run, "evidence.sqlite");
        string identity;
        using (EvidenceStore store = EvidenceStore.OpenRead(path))
        {
            identity = store.Identity;
        }

        return EvidenceStore.Open(path, identity);
    }
}
