namespace AuditKit.Checks.Accuracy;

/// <summary>Predicts every image as it is, and keeps some that are misclassified for the report.</summary>
public sealed class AccuracyCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        InferencePass.RunClean(context);
        MisclassifiedExample.Keep(context);
    }
}
