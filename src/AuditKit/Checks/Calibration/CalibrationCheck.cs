using AuditKit.Checks.Subgroups;

namespace AuditKit.Checks.Calibration;

/// <summary>Keeps the logits of every image as it is, and the attributes that groups are cut by.</summary>
public sealed class CalibrationCheck(IReadOnlyList<Grouping> by) : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "calibration";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuditSeed.Record(context);
        GroupAttributes.Record(context, by);
        InferencePass.RunClean(context);
    }
}
