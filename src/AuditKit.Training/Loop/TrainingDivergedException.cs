namespace AuditKit.Training.Loop;

/// <summary>A loss or a network's answers became NaN or infinite: of the network, or of another that the method needs.</summary>
/// <param name="message">Which, when, and what to change.</param>
public sealed class TrainingDivergedException(string message) : AuditException(message, ExitCode.Error)
{
    /// <summary>
    /// Full paths of the networks that what diverged was learnt from, where the method that names them could not be made: others may do better.
    /// </summary>
    internal IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>The loss of the network itself.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step in the epoch, from 0.</param>
    public TrainingDivergedException(double loss, int epoch, int step)
        : this($"the training loss became {loss} in epoch {epoch + 1}, step {step + 1}. {Advice(epoch)}")
    {
    }

    /// <summary>The network's answers to validation images.</summary>
    /// <param name="epoch">The epoch after which they were asked for, from 0.</param>
    public TrainingDivergedException(int epoch)
        : this($"after epoch {epoch + 1} the network's answers to validation images are no numbers. {Advice(epoch)}")
    {
    }

    private static string Advice(int epoch)
        => $"{(epoch > 0 ? "The checkpoint of the epoch before is kept; try" : "Try")} a lower optimiser.rate, or a lower weight of the method where it has one.";
}
