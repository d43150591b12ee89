using AuditKit.Models.Forms;
using AuditKit.Training.Loop;
using TorchSharp.Modules;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>A network f = C∘F as transfer sees it: the encoder F, which the source task has taught, and a new classifier C.</summary>
/// <param name="Encoder">What the embedding is computed from, by name.</param>
/// <param name="Classifier">What the embedding is then multiplied by, by name.</param>
internal sealed record TransferParts(IReadOnlyDictionary<string, Parameter> Encoder, IReadOnlyDictionary<string, Parameter> Classifier)
{
    /// <summary>The parts of a network.</summary>
    /// <param name="task">The network.</param>
    /// <param name="embedding">The border's name; null for the input of the last fully connected layer.</param>
    /// <exception cref="AuditException">The network has no such layer, or nothing before it is trained.</exception>
    public static TransferParts Of(TrainingTask task, string? embedding)
    {
        string border = task.WithTrainedEmbedding(embedding).Embedding!;
        HashSet<string> used = new ValueGivers(task.Network.Graph).UsedFor(border);
        ILookup<bool, KeyValuePair<string, Parameter>> parts = task.Network.Parameters.ToLookup(parameter => used.Contains(parameter.Key));
        return new TransferParts(parts[true].ToDictionary(), parts[false].ToDictionary());
    }
}
