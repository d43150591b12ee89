using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Checks.Subgroups;

/// <summary>Predicts every image as it is and records the attributes that the groups are cut by.</summary>
public sealed class SubgroupsCheck(SubgroupsOptions options, IReadOnlyList<Grouping> by) : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "subgroups";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
    {
        ArgumentNullException.ThrowIfNull(data);
        NamedGroups.Require(options, by, data);
    }

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // First, so that attributes that cannot be cut and groups of them that are not there are found before the model runs.
        GroupAttributes.Record(context, by);
        if (context.Share.SeesAll)
        {
            NamedGroups.Require(options, by, context.Evidence);
        }

        InferencePass.RunClean(context);
    }
}
