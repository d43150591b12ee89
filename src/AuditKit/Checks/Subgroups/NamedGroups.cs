using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>The groups that a spec names, held against those there are: by the check before the model runs, and by the analysis.</summary>
internal static class NamedGroups
{
    /// <summary>Refuses training shares and a hard group of groups that are not there.</summary>
    /// <exception cref="AuditException">There is no such group.</exception>
    public static void Require(SubgroupsOptions options, IReadOnlyList<Grouping> by, EvidenceStore evidence)
        => Require(options, [.. by.Select(grouping => (grouping, (GroupIndex?)GroupIndex.Of(evidence, grouping)))], SpecPlace.None);

    /// <summary>
    /// Refuses those that labels and attributes of the data tell, and what cannot be cut by these, before anything is measured. Groups by brightness and
    /// the like are known when all images have been looked at.
    /// </summary>
    /// <exception cref="AuditException">There is no such group, or the images cannot be cut so; the message has line and column where it was read from a spec.</exception>
    public static void Require(SubgroupsOptions options, IReadOnlyList<Grouping> by, IDataset data)
    {
        var images = GroupedImages.Of(data);
        Require(options, [.. by.Select(grouping => (grouping, grouping.Factors.All(IsKnown) ? Cut(grouping) : null))], options.Place);

        GroupIndex Cut(Grouping grouping)
        {
            try
            {
                return GroupIndex.Of(images, grouping);
            }
            catch (AuditException e)
            {
                throw options.Place.Error([SubgroupsOptions.ByKey], $"checks.{SubgroupsCheck.Key}.{SubgroupsOptions.ByKey}: {e.Message}");
            }
        }

        bool IsKnown(Factor factor) => factor.Attribute == Factor.Class || data.Attributes.Contains(factor.Attribute);
    }

    // A grouping without an index is not known yet.
    private static void Require(
        SubgroupsOptions options, IReadOnlyList<(Grouping Grouping, GroupIndex? Index)> cut, SpecPlace place)
    {
        foreach ((Grouping grouping, GroupIndex? index) in cut)
        {
            foreach (string name in options.TrainShares.GetValueOrDefault(grouping.Name)?.Keys ?? [])
            {
                if (index is not null)
                {
                    Require([SubgroupsOptions.TrainSharesKey, grouping.Name, name], $"'{grouping.Name}'", name, index.Names, place);
                }
            }
        }

        // Of what is not known yet it may be one that says all it is cut by.
        if (options.HardGroup is { } hard && !cut.Any(each => each.Index is null
            && each.Grouping.Factors.All(factor => hard.Contains(factor.Attribute, StringComparison.Ordinal))))
        {
            Require([SubgroupsOptions.HardGroupKey], "the data", hard, [.. cut.SelectMany(each => each.Index?.Names ?? [])], place);
        }
    }

    private static void Require(string[] key, string where, string name, IReadOnlyList<string> names, SpecPlace place)
    {
        if (!names.Contains(name))
        {
            string there = names.Count == 0 ? "" : $" Groups there: {WordList.First(names)}.";
            throw place.Error(key, $"checks.{SubgroupsCheck.Key}.{key[0]}: {where} has no group '{name}'.{Spelling.Nearest(name, names)}{there}");
        }
    }
}
