using System.CommandLine;
using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Run;

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
        var output = new Option<string?>("--out") { Description = "The report's folder. Default: runs/<candidate>-against-<baseline>.", HelpName = "DIR" };
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
            using EvidenceStore old = RunFolder.OpenEvidence(before);
            using EvidenceStore current = RunFolder.OpenEvidence(after);
            return (int)Answer.Give(
                RunComparison.Of(old, current, margins),
                parsed.GetValue(output) ?? Path.Combine("runs", $"{Name(after)}-against-{Name(before)}"),
                key: null);
        });
        return command;
    }

    private static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
