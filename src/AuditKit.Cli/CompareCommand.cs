using System.CommandLine;
using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Run;
using AuditKit.Training.Remediation;

namespace AuditKit.Cli;

/// <summary><c>auditkit compare BASELINE CANDIDATE</c>: two runs on the same images, difference by difference.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var baseline = new Argument<string>("baseline") { Description = "The folder of the run that is held to be good." };
        var candidate = new Argument<string>("candidate") { Description = "The folder of the run that is judged." };
        var margin = Values.Fraction("--margin", "By how much the candidate's accuracy may be lower under any condition: --margin 0.01. "
            + "Without it, differences are only reported.");
        var flips = Values.Fraction("--flip-margin", "By how much its flip rate may be higher under any perturbation.");
        var attacks = Values.Fraction("--attack-margin", "By how much attacks on it may succeed more often.");
        var disagreement = Values.Fraction("--max-disagreement", "The largest share of images that the two may answer otherwise under any condition, "
            + "whichever is right: what an int8 export must keep to.");
        var output = new Option<string?>("--out") { Description = "The report's folder. Default: runs/<candidate>-against-<baseline>, by the names of their folders.", HelpName = "DIR" };
        var command = new Command("compare", "Compares two runs on the same images, image by image: differences with intervals, "
            + "non-inferiority gates, which images flipped.")
        {
            baseline, candidate, margin, flips, attacks, disagreement, output,
        };
        command.SetAction(parsed =>
        {
            (string before, string after) = (parsed.GetRequiredValue(baseline), parsed.GetRequiredValue(candidate));
            var margins = Margins.Of(
                parsed.GetValue(margin), parsed.GetValue(flips), parsed.GetValue(attacks), parsed.GetValue(disagreement), key => $"--{key}");
            string folder = parsed.GetValue(output) ?? Path.Combine("runs", Name(after, before));
            if (File.Exists(Path.Combine(folder, RunFolder.EvidenceFile)))
            {
                throw new AuditException($"--out: {folder} holds a run, whose own reports the comparison's would replace. Give another folder.");
            }

            using EvidenceStore old = RunFolder.OpenEvidence(before);
            using EvidenceStore current = RunFolder.OpenEvidence(after);
            return (int)Answer.Give(RunComparison.Of(old, current, margins), folder, key: null);
        });
        return command;
    }

    // As much of both paths as tells them apart. The audits of remedies and of tables all lie in folders of one name, which tells nothing.
    private static string Name(string candidate, string baseline)
    {
        (string[] after, string[] before) = (Parts(candidate), Parts(baseline));
        int parts = Enumerable.Range(1, Math.Min(after.Length, before.Length)).FirstOrDefault(count => Last(after, count) != Last(before, count), 1);
        return $"{Last(after, parts)}-against-{Last(before, parts)}";

        static string[] Parts(string folder) => Path.GetFullPath(folder).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);

        static string Last(string[] parts, int count)
            => string.Join('-', parts.TakeLast(parts.LastOrDefault() == RemedyRun.AuditFolder ? count + 1 : count));
    }
}
