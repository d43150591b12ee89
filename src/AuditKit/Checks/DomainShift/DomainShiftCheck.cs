using AuditKit.Checks.Subgroups;
using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Checks.DomainShift;

/// <summary>Predicts every image of the audited data and of every shifted set as it is.</summary>
public sealed class DomainShiftCheck(DomainShiftOptions options) : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "domain-shift";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        foreach (ShiftedSet set in options.Sets)
        {
            using IDataset shifted = Open(set, data);
            Groupings(set, shifted.Attributes);
            Explain(set, () =>
            {
                transform.RequireFit(shifted.Load(0));
                return shifted;
            });
        }
    }

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        foreach (ShiftedSet set in options.Sets)
        {
            using IDataset shifted = Open(set, context.Data);
            FurtherData opened = context.Share.Open(context, shifted, $"{Key}/{set.Name}");
            if (opened.Identity is { } identity)
            {
                ShiftedSetRecord.Of(shifted, identity).Write(context.Evidence, set.Name);
            }

            CheckContext there = context with
            {
                Data = shifted,
                Evidence = opened.Evidence,
                Progress = step => context.Progress(step with { Condition = $"{set.Name}, {step.Condition}" }),
            };
            GroupAttributes.Record(there, Groupings(set, shifted.Attributes));
            InferencePass.RunClean(there);
            opened.RequireUnchanged();
        }
    }

    /// <summary>The spec's groupings by a set's attributes.</summary>
    /// <exception cref="AuditException">The set has not such an attribute.</exception>
    private IReadOnlyList<Grouping> Groupings(ShiftedSet set, IReadOnlyList<string> attributes)
        => Explain(set, () => options.By.Bind(attributes));

    private static IDataset Open(ShiftedSet set, IDataset data) => Explain(set, () => DatasetCatalog.Open(set.Data, data.Classes));

    private static T Explain<T>(ShiftedSet set, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AuditException e)
        {
            throw e.Of($"checks.domain-shift, set '{set.Name}'", ExitCode.Usage);
        }
    }
}
