namespace AuditKit.Checks.Accuracy;

/// <summary>Predicts every image as it is, and keeps some that are misclassified for the report.</summary>
public sealed class AccuracyCheck : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "accuracy";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        InferencePass.RunClean(context);
        if (context.Share.SeesAll)
        {
            MisclassifiedExample.Keep(context);
        }
    }
}
