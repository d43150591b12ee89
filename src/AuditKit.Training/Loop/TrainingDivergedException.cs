namespace AuditKit.Training.Loop;

/// <summary>A training loss became NaN or infinite: of the network, or of another that the method needs.</summary>
/// <param name="message">Which, when, and what to change.</param>
public sealed class TrainingDivergedException(string message) : AuditException(message, ExitCode.Error)
{
    /// <summary>The loss of the network itself.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step in the epoch, from 0.</param>
    public TrainingDivergedException(double loss, int epoch, int step)
        : this($"the training loss became {loss} in epoch {epoch + 1}, step {step + 1}. {(epoch > 0 ? "The checkpoint of the epoch before is kept; try" : "Try")} a lower "
            + "optimiser.rate.")
    {
    }
}
