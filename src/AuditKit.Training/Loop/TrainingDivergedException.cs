namespace AuditKit.Training.Loop;

/// <summary>The training loss became NaN or infinite.</summary>
/// <param name="loss">The loss.</param>
/// <param name="epoch">The epoch, from 0.</param>
/// <param name="step">The step in the epoch, from 0.</param>
public sealed class TrainingDivergedException(double loss, int epoch, int step) : AuditException(
    $"the training loss became {loss} in epoch {epoch + 1}, step {step + 1}. The checkpoint of the epoch before is kept; try a lower optimiser.rate.",
    ExitCode.Error);
