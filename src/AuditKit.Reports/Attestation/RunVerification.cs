using System.Text.Json.Nodes;
using AuditKit.Evidence;
using AuditKit.Reports.Json;
using AuditKit.Results;
using AuditKit.Run;

namespace AuditKit.Reports.Attestation;

/// <summary>Whether a run's folder is what the run left: every report made again from the evidence, every digest compared.</summary>
public static class RunVerification
{
    /// <summary>Verifies a folder; what is asked for beyond it (model, data) is for the caller, who has <see cref="RunRecord"/>.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="key">The key that must have signed; null to leave the signature unchecked.</param>
    /// <param name="specFolder">The folder that relative paths in the spec start from.</param>
    /// <returns>One answer a thing verified, in order.</returns>
    /// <exception cref="AuditException">The folder holds no run.</exception>
    public static IReadOnlyList<VerificationStep> Of(string folder, EcdsaKey? key, string specFolder)
    {
        var steps = new List<VerificationStep>();
        AuditResult result;
        RunRecord record;
        string digest;
        try
        {
            using EvidenceStore evidence = RunFolder.OpenEvidence(folder);
            record = RunRecord.Read(evidence);
            digest = evidence.Digest();
            result = Judgement.Of(evidence, specFolder);
        }
        catch (AuditException e) when (File.Exists(Path.Combine(folder, RunFolder.EvidenceFile)))
        {
            return [VerificationStep.Failed(RunFolder.EvidenceFile, e.Message)];
        }
        catch (Exception e) when (IsOfDamage(e))
        {
            return [VerificationStep.Failed(RunFolder.EvidenceFile, $"holds what no run writes, and cannot be judged: {e.Message}")];
        }

        if (result.Version != Provenance.Version)
        {
            steps.Add(VerificationStep.NotChecked("version", $"the run is of AuditKit {result.Version}, this is {Provenance.Version}: "
                + "reports may differ for that reason alone"));
        }

        foreach (IReport format in ReportFolder.Formats)
        {
            steps.Add(Report(format, result, folder));
        }

        try
        {
            steps.AddRange(Statement(result, record, digest, folder, key));
        }
        catch (Exception e) when (IsOfDamage(e))
        {
            steps.Add(VerificationStep.Failed(TestResultStatement.FileName, $"cannot be compared with the evidence: {e.Message}"));
        }

        return steps;
    }

    // What lies in the folder may have been changed in any way, and each is an answer: that it is wrong. Lack of memory says nothing of it.
    private static bool IsOfDamage(Exception e) => e is not (AuditException or OperationCanceledException or OutOfMemoryException);

    private static VerificationStep Report(IReport format, AuditResult result, string folder)
    {
        string path = Path.Combine(folder, format.FileName);
        if (!File.Exists(path))
        {
            return VerificationStep.Failed(format.FileName, "is missing");
        }

        byte[] there;
        using var made = new MemoryStream();
        try
        {
            there = RegularFile.ReadAllBytes(path);
            format.Write(result, made);
        }
        catch (AuditException e)
        {
            return VerificationStep.NotChecked(format.FileName, e.Message);
        }
        catch (Exception e) when (IsOfDamage(e))
        {
            return VerificationStep.Failed(format.FileName, $"cannot be compared with the evidence: {e.Message}");
        }

        return there.AsSpan().SequenceEqual(made.ToArray())
            ? VerificationStep.Passed(format.FileName, "made again from the evidence, byte for byte")
            : VerificationStep.Failed(format.FileName, format is JsonReport ? Difference(there, made.ToArray()) : "differs from what the evidence gives");
    }

    private static IEnumerable<VerificationStep> Statement(AuditResult result, RunRecord record, string evidence, string folder, EcdsaKey? key)
    {
        const string Signature = "signature";
        string path = Path.Combine(folder, TestResultStatement.FileName);
        if (!File.Exists(path))
        {
            yield return key is null ? VerificationStep.NotChecked(Signature, "the run is not signed")
                : VerificationStep.Failed(Signature, $"there is no {TestResultStatement.FileName}");
            yield break;
        }

        DsseEnvelope? envelope = Read(path);
        if (envelope is null || envelope.PayloadType != TestResultStatement.PayloadType)
        {
            yield return VerificationStep.Failed(TestResultStatement.FileName, "is no signed in-toto statement");
            yield break;
        }

        yield return key is null ? VerificationStep.NotChecked(Signature, "give --key PUBLIC.pem")
            : envelope.IsSignedBy(key) ? VerificationStep.Passed(Signature, $"by the key with SHA-256 {key.Id}")
            : VerificationStep.Failed(Signature, "is not this key's on this statement");
        yield return envelope.Payload.AsSpan().SequenceEqual(TestResultStatement.Payload(result, record, evidence, folder))
            ? VerificationStep.Passed("statement", "says what the evidence gives, of these very files")
            : VerificationStep.Failed("statement", "says something else than the evidence and the files in the folder");
    }

    private static DsseEnvelope? Read(string path)
    {
        try
        {
            return DsseEnvelope.Parse(RegularFile.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Where the first figure differs, for people.
    private static string Difference(byte[] there, byte[] made)
    {
        try
        {
            var once = new System.Text.Json.JsonDocumentOptions { AllowDuplicateProperties = false };
            return First(JsonNode.Parse(there, documentOptions: once), JsonNode.Parse(made), "") ?? "is laid out differently";
        }
        catch (Exception e) when (IsOfDamage(e))
        {
            return "is no JSON any more, or has a key twice";
        }
    }

    private static string? First(JsonNode? there, JsonNode? made, string path) => (there, made) switch
    {
        (JsonObject a, JsonObject b) when a.Select(entry => entry.Key).SequenceEqual(b.Select(entry => entry.Key))
            => b.Select(entry => First(a[entry.Key], entry.Value, $"{path}/{entry.Key}")).FirstOrDefault(found => found is not null),
        (JsonArray a, JsonArray b) when a.Count == b.Count => b.Select((value, i) => First(a[i], value, $"{path}/{i}"))
            .FirstOrDefault(found => found is not null),
        _ => JsonNode.DeepEquals(there, made) ? null : $"{path} is {Short(there)}, the evidence gives {Short(made)}",
    };

    private static string Short(JsonNode? node) => node?.ToJsonString() is { } text ? text.Length > 80 ? text[..80] + "…" : text : "null";
}

/// <summary>One thing verified.</summary>
/// <param name="What">A file, or what else.</param>
/// <param name="Holds">Whether it holds; null where it could not be checked.</param>
/// <param name="Detail">How it was checked, or what is wrong.</param>
public sealed record VerificationStep(string What, bool? Holds, string Detail)
{
    /// <summary>It holds.</summary>
    public static VerificationStep Passed(string what, string detail) => new(what, true, detail);

    /// <summary>It does not hold.</summary>
    public static VerificationStep Failed(string what, string detail) => new(what, false, detail);

    /// <summary>Nobody can tell here.</summary>
    public static VerificationStep NotChecked(string what, string detail) => new(what, null, detail);
}
