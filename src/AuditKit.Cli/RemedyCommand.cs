using System.CommandLine;
using AuditKit.Checks;
using AuditKit.Checks.Accuracy;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Training.Loop;
using AuditKit.Training.Remediation;

namespace AuditKit.Cli;

/// <summary><c>auditkit remedy RUN --out DIR</c>: trains the model that failed by the method that fits, and audits it again.</summary>
internal static class RemedyCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The folder of the run that failed." };
        var output = new Option<string>("--out")
        {
            Description = "Where the new model, its card, its recipe and its audit go.",
            HelpName = "DIR",
            Required = true,
        };
        var spec = new Option<string?>("--spec")
        {
            Description = "The run's spec, where it lies elsewhere now. Its 'remedy:' block says what to train on.",
            HelpName = "FILE",
        };
        var budget = Values.Time(
            "--budget", "The time for trials, where several methods or settings fit: those that would not end in time are not tried. Default: 20m.");
        var command = new Command(
            "remedy",
            "Retrains a model that failed its audit by methods that fit what failed, audits the best and compares. The failed model is not touched. "
            + "Methods and settings are compared on a fifth of the training images, never on the audited ones, by successive halving. "
            + "The new model may be worse than the failed one by 2 points of accuracy under any condition, 2 of flips and 5 of attacks' success, "
            + "unless the spec names a baseline of its own.")
        {
            run, output, spec, budget, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string folder = parsed.GetRequiredValue(output);
            var device = Device.Parse(parsed.GetRequiredValue(SharedOptions.Device));
            int threads = parsed.GetRequiredValue(SharedOptions.Threads);
            var remedy = new RemedyRun(parsed.GetRequiredValue(run), parsed.GetValue(spec));
            if (remedy.Plan(device) is not { } plan)
            {
                Console.WriteLine(remedy.Verdict switch
                {
                    GateOutcome.Inconclusive => "No gate of this run failed, but some are inconclusive: its report says why, and no training mends that.",
                    GateOutcome.Error => "No gate of this run failed, but a check could not be measured: see its report, and run the audit again.",
                    _ => "No gate of this run failed: there is nothing to mend.",
                });
                return Task.FromResult((int)Verdict.ToExitCode(remedy.Verdict));
            }

            Console.WriteLine($"Failed:  {string.Join(", ", plan.Addressed.Select(finding => finding.Id))}");
            Console.WriteLine($"Methods: {string.Join("; ", plan.Methods)}. {plan.Reason}");
            foreach (string excluded in plan.Excluded)
            {
                Console.WriteLine($"Not:     {excluded}");
            }

            foreach (IGrouping<string, Finding> left in plan.Left.GroupBy(WhatMends))
            {
                Console.WriteLine($"Left:    {string.Join(", ", left.Select(finding => finding.Id))}: {left.Key}.");
            }

            if (plan.Candidates.Count < 2 && parsed.GetResult(budget) is { Implicit: false })
            {
                Console.WriteLine("Budget:  not used, for there is nothing to choose among.");
            }

            TimeSpan time = parsed.GetValue(budget) ?? TimeSpan.FromMinutes(20);
            AuditResult result = ProgressDisplay.Show(progress => remedy.Run(plan, folder, time, device, threads, progress, cancellation));
            Console.WriteLine($"Model:   {Path.Combine(folder, TrainingRun.ModelFile)}");
            return Task.FromResult((int)Answer.Give(result, Path.Combine(folder, RemedyRun.AuditFolder), key: null));
        });
        return command;
    }

    // What would be for a failed gate that this remedy leaves.
    private static string WhatMends(Finding left) => CheckCatalog.Standard.Find(left.Check) switch
    {
        { Weakness: Weakness.Conditioning } => "a penalty on trained weights does not mend it; train anew from start: orthogonal",
        { Weakness: not null } => "not tried in this remedy, whose methods are for other gates",
        { } check when check == AccuracyOptions.Check => "no method is for it; it asks for more or better training data, or a larger model",
        _ => "no method is for it",
    };
}
