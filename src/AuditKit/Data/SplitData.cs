namespace AuditKit.Data;

/// <summary>Training data opened: the images to learn from, and those to choose the epoch by.</summary>
/// <param name="training">The data that has the images to learn from; disposed with this object.</param>
/// <param name="trainingImages">Which of its images, by index.</param>
/// <param name="validation">The data that has the images to choose by, which may be the same object; disposed with this object.</param>
/// <param name="validationImages">Which of its images, by index, in ascending order.</param>
public sealed class SplitData(
    IDataset training, IReadOnlyList<int> trainingImages, IDataset validation, IReadOnlyList<int> validationImages) : IDisposable
{
    /// <summary>The data that has the images to learn from.</summary>
    public IDataset Training => training;

    /// <summary>The images to learn from, by their index in <see cref="Training"/>, in ascending order; class by class where few of each are.</summary>
    public IReadOnlyList<int> TrainingImages => trainingImages;

    /// <summary>The data that has the images to choose by: <see cref="Training"/>, or data of its own.</summary>
    public IDataset Validation => validation;

    /// <summary>The images to choose by, by their index in <see cref="Validation"/>, in ascending order.</summary>
    public IReadOnlyList<int> ValidationImages => validationImages;

    /// <inheritdoc/>
    public void Dispose()
    {
        training.Dispose();
        validation.Dispose();
    }
}
