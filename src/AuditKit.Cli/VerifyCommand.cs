using System.CommandLine;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Reports.Attestation;
using AuditKit.Training;
using AuditKit.Yaml;

namespace AuditKit.Cli;

/// <summary><c>auditkit verify RUN</c>: reports made again from the evidence, digests and signature compared.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run's folder." };
        var key = new Option<string?>("--key") { Description = "The public key (ECDSA P-256, PEM) that must have signed the run.", HelpName = "PUBLIC.pem" };
        var model = new Option<string?>("--model") { Description = "A model file that must be the one audited.", HelpName = "FILE" };
        var data = new Option<string?>("--data")
        {
            Description = "Data that must be those audited; without a path, where the spec has them.",
            HelpName = "PATH",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "verify", "Makes every report of a run again from its evidence and compares byte for byte; checks signature, model and data. "
                + "Exit code 0: everything that could be checked holds; 1: something does not.")
        {
            run, key, model, data, SharedOptions.Threads,
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(run);
            using EcdsaKey? publicKey = parsed.GetValue(key) is { } file ? EcdsaKey.Load(file, toSign: false) : null;
            RunRecord? record = TryRead(folder);
            string specFolder = Path.GetDirectoryName(Path.GetFullPath(record?.SpecFile ?? "spec"))!;
            VerificationStep[] steps =
            [
                .. RunVerification.Of(folder, publicKey, specFolder),
                .. record is { Shards.Count: > 0 } ? [Shards(record)] : Array.Empty<VerificationStep>(),
                .. record is not null && parsed.GetValue(model) is { } modelFile ? [Digest("model", ModelFiles.Digest(modelFile), record.ModelSha256)]
                    : Array.Empty<VerificationStep>(),
                .. record is not null && parsed.GetResult(data) is not null
                    ? [Data(record, parsed.GetValue(data), specFolder, parsed.GetRequiredValue(SharedOptions.Threads))] : Array.Empty<VerificationStep>(),
            ];
            foreach (VerificationStep step in steps)
            {
                Console.WriteLine($"{(step.Holds switch { true => "ok", false => "WRONG", null => "not checked" }),-12} {step.What}: {step.Detail}");
            }

            return (int)(Array.Exists(steps, step => step.Holds is false) ? ExitCode.GateFailed : ExitCode.Pass);
        });
        return command;
    }

    // The seal holds over the record that names them.
    private static VerificationStep Shards(RunRecord record) => VerificationStep.Passed("shards", $"{record.Shards.Count}, measured on "
        + string.Join(", ", record.Shards.GroupBy(shard => shard.Machine).OrderBy(machine => machine.Key, StringComparer.Ordinal)
            .Select(machine => $"{machine.Key} ({machine.Count()})"))
        + string.Concat(record.Shards.SelectMany(shard => shard.Engines.SelectMany(engine => engine)).Where(fact => fact.Label != ShardOrigin.MachineLabel)
            .GroupBy(fact => fact.Label).Select(facts => $"; {facts.Key}: {string.Join(" or ", facts.Select(fact => fact.Value).Distinct())}")));

    // Evidence that cannot be read is a finding of the verification itself.
    private static RunRecord? TryRead(string folder)
    {
        try
        {
            using EvidenceStore evidence = RunFolder.OpenEvidence(folder);
            return RunRecord.Read(evidence);
        }
        catch (AuditException)
        {
            return null;
        }
    }

    private static VerificationStep Data(RunRecord record, string? path, string specFolder, int threads)
    {
        SpecMap spec = SpecMap.Parse(record.SpecFile, record.Spec);
        if (path is not null)
        {
            spec.Map("data").SetText("path", Path.GetFullPath(path));
        }

        using IDataset data = DatasetCatalog.Open(DataSpec.Parse(spec.Map("data"), specFolder));
        return Digest("data", DatasetFingerprint.Of(data, threads).Sha256, record.DataSha256);
    }

    private static VerificationStep Digest(string what, string there, string audited) => there == audited
        ? VerificationStep.Passed(what, $"SHA-256 {audited}, as audited")
        : VerificationStep.Failed(what, $"SHA-256 {there}, but {audited} was audited");
}
