using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Reports.Attestation;

/// <summary>
/// What a run says of a model, for policy engines: an in-toto statement (v1) with the predicate test-result v0.1, in a
/// DSSE envelope. Its subject is the model; configuration is what it was tested with, by-products are the evidence and
/// the reports, each by its SHA-256.
/// </summary>
/// <remarks>An inconclusive gate blocks a release, so it stands among the failed tests: a policy may let warnings pass.</remarks>
public static class TestResultStatement
{
    /// <summary>The envelope's file in the run's folder.</summary>
    public const string FileName = "report.intoto.json";

    /// <summary>The envelope's payload type.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    private static readonly JsonSerializerOptions s_format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs what lies in a run's folder, or takes an earlier statement away where nobody signs.</summary>
    /// <returns>The envelope's path; null without a key.</returns>
    /// <exception cref="AuditException">The folder cannot be read or written.</exception>
    public static string? Save(AuditResult result, string folder, EcdsaKey? key)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            File.Delete(path);
            if (key is null)
            {
                return null;
            }

            using EvidenceStore evidence = RunFolder.OpenEvidence(folder);
            byte[] payload = Payload(result, RunRecord.Read(evidence), evidence.Digest(), folder);
            AtomicFile.Write(path, DsseEnvelope.Sign(PayloadType, payload, key).ToJson());
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"Cannot write {path}: {e.Message}", ExitCode.Error, e);
        }
    }

    /// <summary>The statement, the same bytes for the same run, whether it was interrupted or not.</summary>
    /// <param name="result">What the run says.</param>
    /// <param name="record">What was measured, with what.</param>
    /// <param name="evidence">
    /// The digest of what was observed. The evidence's file is not named by its bytes: a database that was written in two
    /// goes lays the same content out otherwise.
    /// </param>
    /// <param name="folder">Where the reports lie.</param>
    /// <exception cref="IOException">A file of the folder cannot be read.</exception>
    internal static byte[] Payload(AuditResult result, RunRecord record, string evidence, string folder)
    {
        string[] files = [.. ReportFolder.Formats.Select(format => format.FileName).Where(file => File.Exists(Path.Combine(folder, file)))
            .Order(StringComparer.Ordinal)];
        var statement = new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(Resource(record.ModelFile, record.ModelSha256)),
            ["predicateType"] = "https://in-toto.io/attestation/test-result/v0.1",
            ["predicate"] = new JsonObject
            {
                ["result"] = result.Verdict is GateOutcome.Pass ? "PASSED" : result.Verdict is GateOutcome.NotGated ? "WARNED" : "FAILED",
                ["configuration"] = new JsonArray(
                    Resource(record.SpecFile, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.Spec)))),
                    Resource("data", record.DataSha256)),
                ["passedTests"] = Tests(result, outcome => outcome is GateOutcome.Pass),
                ["warnedTests"] = new JsonArray(),
                ["failedTests"] = Tests(result, Outcomes.Blocks),
                ["byproducts"] = new JsonArray([Resource("evidence, by its content", evidence), .. files
                    .Select(file => Resource(file, Digest(Path.Combine(folder, file))))]),
            },
        };
        return Encoding.UTF8.GetBytes(statement.ToJsonString(s_format));
    }

    private static JsonArray Tests(AuditResult result, Func<GateOutcome, bool> which) =>
    [
        .. result.Findings.Where(finding => which(finding.Outcome)).Select(finding => JsonValue.Create(Markup.Legal(finding.Id))),
        .. result.Sections.Where(section => section.Error is not null && which(GateOutcome.Error)).Select(section => JsonValue.Create(section.Check)),
    ];

    private static JsonObject Resource(string name, string sha256) => new() { ["name"] = name, ["digest"] = new JsonObject { ["sha256"] = sha256 } };

    private static string Digest(string path)
    {
        using FileStream file = RegularFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
