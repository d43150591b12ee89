using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.SimBa;

/// <summary>Whether one group of images is easier to attack than the others.</summary>
/// <param name="Grouping">How the images are cut.</param>
/// <param name="Groups">The groups, and how many attacks on each succeeded.</param>
/// <param name="PValues">Each group against all others: Fisher's exact test, by Holm over the groups.</param>
internal sealed record SimBaGroups(Grouping Grouping, IReadOnlyList<Group> Groups, IReadOnlyList<double> PValues)
{
    /// <summary>Cuts the attacked images into groups.</summary>
    public static SimBaGroups Of(EvidenceStore evidence, Grouping grouping, AttackOutcome[] attacks)
    {
        var index = GroupIndex.Of(evidence, grouping);
        Group[] groups = [.. index.Names.Select((name, g) => new Group(
            name, Proportion.Of(attacks.Where(attack => index.Group[attack.Image] == g).Select(attack => attack.Succeeded))))];
        var all = Proportion.Of(attacks.Select(attack => attack.Succeeded));
        return new(grouping, groups, Holm.Adjust([.. groups.Select(group => FisherExactTest.TwoSided(
            group.Measured, new Proportion(all.Successes - group.Measured.Successes, all.Count - group.Measured.Count)))]));
    }

    /// <summary>Those groups that are attacked more easily than the others, beyond chance.</summary>
    /// <param name="attacks">All attacks.</param>
    /// <param name="confidence">The level of the tests.</param>
    public IEnumerable<string> Easier(Proportion attacks, double confidence)
        => Groups.Where((group, g) => PValues[g] <= 1 - confidence && group.Measured.Estimate > attacks.Estimate).Select(group => group.Name);

    /// <summary>The success rate of every group.</summary>
    public IEnumerable<Finding> Findings(string check, string metric, double confidence)
        => Groups.Select(group => Gate.Judge(check, metric, group.Name, group.Measured, null, confidence));

    /// <summary>Every group with its interval and test.</summary>
    public Table Table(double confidence) => new(
        $"Attack success rate by {Grouping.Name}",
        ["Group", "Successful", "Success rate", $"{NumberText.ExactPercent(confidence)} interval", "Against the others"],
        [
            .. Groups.Select((group, g) => (string[])
            [
                group.Name,
                $"{group.Measured.Successes} of {group.Measured.Count}",
                NumberText.Percent(group.Measured.Estimate),
                group.Measured.Count == 0 ? NumberText.None : Wilson.Interval(group.Measured, confidence).ToPercent(),
                group.Measured.Count == 0 ? NumberText.None : NumberText.PValue(PValues[g]),
            ]),
        ]);
}
