using AuditKit.Checks.Subgroups;

namespace AuditKit.Checks.Calibration;

/// <summary>Keeps the logits of every image as it is, and the attributes that groups are cut by.</summary>
public sealed class CalibrationCheck(CalibrationOptions options) : ICheck
{
    /// <inheritdoc/>
    public string Name => "calibration";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuditSeed.Record(context);
        GroupAttributes.Record(context, options.By);
        InferencePass.RunClean(context);
    }
}
