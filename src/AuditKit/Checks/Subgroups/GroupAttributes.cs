using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Checks.Subgroups;

/// <summary>The attributes that groups are cut by, in the evidence: what every check that reports by group needs first.</summary>
internal static class GroupAttributes
{
    private const int ImagesAtOnce = 1000;

    /// <summary>Records the attributes that the evidence does not hold yet, and finds what cannot be cut into groups.</summary>
    /// <param name="context">What to measure with.</param>
    /// <param name="by">How the images are cut.</param>
    /// <exception cref="AuditException">An image cannot be read, a value to be cut is no number, or there are too many groups.</exception>
    public static void Record(CheckContext context, IReadOnlyList<Grouping> by)
    {
        string[] asked = [.. by.SelectMany(grouping => grouping.Factors).Select(factor => factor.Attribute).Distinct()
            .Where(attribute => attribute != Factor.Class)];
        bool[] here = context.Share.Images(context.Data.Count);
        int[] images = [.. Enumerable.Range(0, context.Data.Count).Where(image => here[image])];
        string[] missing = [.. asked.Where(attribute => context.Evidence.CountOfAttribute(attribute) < images.Length)];
        foreach (string attribute in missing.Where(context.Data.Attributes.Contains))
        {
            context.Evidence.WriteAttribute(attribute, images.Select(image => (image, context.Data.Attribute(attribute, image))));
        }

        foreach (string attribute in asked.Where(name => !context.Data.Attributes.Contains(name)))
        {
            context.Evidence.WriteFact(DescriptionOf(attribute), DerivedAttribute.All[attribute].Description);
        }

        DerivedAttribute[] derived = [.. missing.Where(name => !context.Data.Attributes.Contains(name)).Select(name => DerivedAttribute.All[name])];
        if (derived.Length > 0)
        {
            Derive(context, derived, images);
        }

        foreach (Grouping grouping in context.Share.SeesAll ? by : [])
        {
            GroupIndex.Of(context.Evidence, grouping);
        }
    }

    /// <summary>How the attributes of the groupings were computed from the images, a sentence each, for the report.</summary>
    public static IEnumerable<string> Descriptions(EvidenceStore evidence, IReadOnlyList<Grouping> by)
        => by.SelectMany(grouping => grouping.Factors).Select(factor => factor.Attribute).Distinct()
            .Where(name => evidence.Fact(DescriptionOf(name)) is not null)
            .Select(name => $"{name}: {evidence.Fact(DescriptionOf(name))}");

    /// <summary>The fact under which the evidence says how an attribute was computed from the images.</summary>
    private static string DescriptionOf(string attribute) => $"attribute/{attribute}";

    /// <summary>Reads every image once, whatever the number of attributes.</summary>
    private static void Derive(CheckContext context, DerivedAttribute[] attributes, int[] images)
    {
        string[][] values = [.. attributes.Select(_ => new string[images.Length])];
        for (int start = 0; start < images.Length; start += ImagesAtOnce)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(start + ImagesAtOnce, images.Length);
            ParallelLoop.Run(start, end, context.Threads, i =>
            {
                Image image = context.Data.Load(images[i]);
                for (int a = 0; a < attributes.Length; a++)
                {
                    values[a][i] = attributes[a].Value(image);
                }
            }, context.Cancellation);
            context.Progress(new CheckProgress("attributes", end, images.Length));
        }

        for (int a = 0; a < attributes.Length; a++)
        {
            context.Evidence.WriteAttribute(attributes[a].Name, images.Zip(values[a]));
        }
    }
}
