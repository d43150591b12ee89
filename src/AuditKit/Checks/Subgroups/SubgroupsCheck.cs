namespace AuditKit.Checks.Subgroups;

/// <summary>Predicts every image as it is and records the attributes that the groups are cut by.</summary>
public sealed class SubgroupsCheck(SubgroupsOptions options) : ICheck
{
    /// <inheritdoc/>
    public string Name => "subgroups";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // First, so that attributes that cannot be cut are found before the model runs.
        GroupAttributes.Record(context, options.By);
        InferencePass.RunClean(context);
    }
}
