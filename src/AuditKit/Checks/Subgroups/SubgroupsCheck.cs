using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Checks.Subgroups;

/// <summary>Predicts every image as it is and records the attributes that the groups are cut by.</summary>
public sealed class SubgroupsCheck(SubgroupsOptions options) : ICheck
{
    private const int ImagesAtOnce = 1000;

    /// <summary>The fact under which the evidence says how an attribute was computed from the images.</summary>
    internal static string DescriptionOf(string attribute) => $"attribute/{attribute}";

    /// <inheritdoc/>
    public string Name => "subgroups";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string[] missing = [.. options.By.SelectMany(grouping => grouping.Factors).Select(factor => factor.Attribute).Distinct()
            .Where(attribute => attribute != Factor.Class && !context.Evidence.HasAttribute(attribute))];
        foreach (string attribute in missing.Where(context.Data.Attributes.Contains))
        {
            context.Evidence.WriteAttribute(
                attribute, Enumerable.Range(0, context.Data.Count).Select(image => (image, context.Data.Attribute(attribute, image))));
        }

        DerivedAttribute[] derived = [.. missing.Where(name => !context.Data.Attributes.Contains(name)).Select(name => DerivedAttribute.All[name])];
        if (derived.Length > 0)
        {
            Derive(context, derived);
        }

        // Attributes that cannot be cut, or cut into too many groups, are found before the model runs.
        foreach (Grouping grouping in options.By)
        {
            GroupIndex.Of(context.Evidence, grouping);
        }

        InferencePass.RunClean(context);
    }

    /// <summary>Reads every image once, whatever the number of attributes.</summary>
    private static void Derive(CheckContext context, DerivedAttribute[] attributes)
    {
        int count = context.Data.Count;
        string[][] values = [.. attributes.Select(_ => new string[count])];
        for (int start = 0; start < count; start += ImagesAtOnce)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(start + ImagesAtOnce, count);
            try
            {
                Parallel.For(start, end, new ParallelOptions { MaxDegreeOfParallelism = context.Threads }, index =>
                {
                    Image image = context.Data.Load(index);
                    for (int a = 0; a < attributes.Length; a++)
                    {
                        values[a][index] = attributes[a].Value(image);
                    }
                });
            }
            catch (AggregateException e) when (e.InnerExceptions.OfType<AuditException>().FirstOrDefault() is { } first)
            {
                throw new AuditException(first.Message, first.ExitCode, e);
            }

            context.Progress(new CheckProgress("attributes", end, count));
        }

        for (int a = 0; a < attributes.Length; a++)
        {
            context.Evidence.WriteFact(DescriptionOf(attributes[a].Name), attributes[a].Description);
            context.Evidence.WriteAttribute(attributes[a].Name, values[a].Index());
        }
    }
}
