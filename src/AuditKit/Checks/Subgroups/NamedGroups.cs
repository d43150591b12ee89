using AuditKit.Evidence;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>The groups that a spec names, held against those there are: by the check before the model runs, and by the analysis.</summary>
internal static class NamedGroups
{
    /// <summary>Refuses training shares and a hard group of groups that are not there.</summary>
    /// <exception cref="AuditException">There is no such group.</exception>
    public static void Require(SubgroupsOptions options, IReadOnlyList<Grouping> by, EvidenceStore evidence)
    {
        GroupIndex[] cut = [.. by.Select(grouping => GroupIndex.Of(evidence, grouping))];
        foreach ((Grouping grouping, GroupIndex index) in by.Zip(cut))
        {
            foreach (string name in options.TrainShares.GetValueOrDefault(grouping.Name)?.Keys ?? [])
            {
                Require("train-shares", $"'{grouping.Name}'", name, index.Names);
            }
        }

        if (options.HardGroup is { } hard)
        {
            Require("hard-group", "the data", hard, [.. cut.SelectMany(index => index.Names)]);
        }
    }

    private static void Require(string key, string where, string name, IReadOnlyList<string> names)
    {
        if (!names.Contains(name))
        {
            throw new AuditException($"checks.{SubgroupsCheck.Key}.{key}: {where} has no group '{name}'.{Spelling.Nearest(name, names)} Groups there: "
                + $"{WordList.First(names)}.");
        }
    }
}
