using AuditKit.Checks.Subgroups;
using AuditKit.Results;

namespace AuditKit.Run;

/// <summary>Names the groups that example images are in, so that images that failed can be looked at by group, whichever check they failed.</summary>
internal static class ExampleGroups
{
    /// <summary>The sections, with a fact for every grouping in each example of an audited image.</summary>
    /// <param name="groups">The groups of the images.</param>
    /// <param name="sections">What the checks found.</param>
    public static IEnumerable<Section> Named(IReadOnlyList<GroupIndex> groups, IReadOnlyList<Section> sections)
    {
        // Every example names its class anyway.
        GroupIndex[] named = [.. groups.Where(index => index.CutBy != Factor.Class)];
        return named.Length == 0 ? sections : sections.Select(section => section with { Examples = [.. section.Examples.Select(Name)] });

        Example Name(Example example) => example.Image is not { } image ? example : example with
        {
            Facts = [.. example.Facts, .. named.Select(index => new Fact(index.CutBy, index.Names[index.Group[image]]))],
        };
    }
}
