namespace AuditKit.Evidence;

/// <summary>What the model said of one image under one condition.</summary>
/// <param name="Image">Index in the data set.</param>
/// <param name="Predicted">The class with the largest logit (the lowest index at a tie).</param>
/// <param name="Confidence">The softmax probability of the predicted class.</param>
/// <param name="Distance">
/// L2 distance of the embedding from the clean image's, or, under the condition that pairs different images,
/// from another image's; NaN where no embedding is tapped.
/// </param>
public readonly record struct Prediction(int Image, int Predicted, float Confidence, float Distance = float.NaN);

/// <summary>How an attack on one image ended.</summary>
/// <param name="Image">Index in the data set.</param>
/// <param name="Succeeded">Whether the image was misclassified within the budget.</param>
/// <param name="Iterations">Basis vectors tried: until success, or the budget.</param>
/// <param name="Queries">Images sent through the model, the first one included, speculative ones too.</param>
/// <param name="L2">L2 norm of the perturbation, pixels in [0, 1].</param>
/// <param name="LInf">L∞ norm of the perturbation, pixels in [0, 1].</param>
/// <param name="Predicted">The class predicted at the end.</param>
/// <param name="Confidence">Its softmax probability.</param>
public readonly record struct AttackOutcome(
    int Image, bool Succeeded, int Iterations, int Queries, float L2, float LInf, int Predicted, float Confidence);

/// <summary>One image as the evidence knows it.</summary>
/// <param name="Index">Index in the data set.</param>
/// <param name="Label">Its class.</param>
/// <param name="Source">Its path below the data set's root, or <c>#index</c>.</param>
public readonly record struct ImageRecord(int Index, int Label, string Source);
