namespace AuditKit.Models;

/// <summary>A model under audit: ready to run, and what the report says of it.</summary>
/// <param name="Classifier">The model, opened.</param>
/// <param name="Sha256">SHA-256 of its file, lower-case hex.</param>
/// <param name="Facts">Its identity: file, digest, size, opset, input, classes, parameters, producer, engine.</param>
public sealed record AuditedModel(IClassifier Classifier, string Sha256, IReadOnlyList<Fact> Facts) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Classifier.Dispose();
}
