namespace AuditKit.Checks.Accuracy;

/// <summary>Predicts every image as it is.</summary>
public sealed class AccuracyCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <inheritdoc/>
    public void Run(CheckContext context) => InferencePass.RunClean(context);
}
