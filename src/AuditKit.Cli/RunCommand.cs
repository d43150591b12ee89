using System.CommandLine;
using AuditKit.Models;
using AuditKit.Reports.Attestation;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;
using AuditKit.Training.Remediation;

namespace AuditKit.Cli;

/// <summary><c>auditkit run SPEC</c>: audits, writes the reports, answers with the verdict.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var spec = new Argument<string>("spec") { Description = "The audit's YAML file; audits/README.md explains the format." };
        var output = new Option<string?>("--out") { Description = "The run's folder. Default: runs/<name of the spec file>.", HelpName = "DIR" };
        var resume = new Option<bool>("--resume")
        {
            Description = "Goes on with the unfinished run in the same folder; --resume false starts over.",
            DefaultValueFactory = _ => true,
        };

        var sign = new Option<string?>("--sign")
        {
            Description = "Signs an in-toto test-result statement about the model with this private key (ECDSA P-256, PEM).",
            HelpName = "KEY.pem",
        };
        var command = new Command("run", "Audits a model by a spec, writes the report and answers with an exit code.")
        {
            spec, SharedOptions.Set, output, SharedOptions.Device, SharedOptions.Threads, resume, sign,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult((int)Run(
            AuditSpec.Load(parsed.GetRequiredValue(spec), parsed.GetRequiredValue(SharedOptions.Set)),
            new AuditOptions
            {
                Folder = parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(spec))),
                Threads = parsed.GetRequiredValue(SharedOptions.Threads),
                Resume = parsed.GetValue(resume),
            },
            Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)),
            parsed.GetValue(sign),
            cancellation)));
        return command;
    }

    private static ExitCode Run(AuditSpec spec, AuditOptions options, Device device, string? keyFile, CancellationToken cancellation)
    {
        // A key that cannot sign, and a remedy that could not be tried, are found before hours of measuring.
        RemedySpec.RequireKeys(spec);
        using EcdsaKey? key = keyFile is null ? null : EcdsaKey.Load(keyFile, toSign: true);
        var models = new ModelFiles(device, options.Threads);
        AuditResult result = ProgressDisplay.Show(progress => Audit.Run(spec, models, options, progress, cancellation));
        return Answer.Give(result, options.Folder, key);
    }
}
