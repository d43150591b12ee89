using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;

namespace AuditKit.Checks.Stability;

/// <summary>
/// Predicts every image as it is and under each perturbation, with the distance that its embedding moves, and
/// measures the distances between different images to compare those with (Zheng et al., Improving the Robustness
/// of Deep Neural Networks via Stability Training, CVPR 2016).
/// </summary>
public sealed class StabilityCheck(StabilityOptions options) : ICheck
{
    /// <summary>Flipped images kept for the report under each perturbation: those of the lowest indices.</summary>
    private const int Examples = 3;

    /// <summary>The check's key in specs.</summary>
    internal const string Key = "stability";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
        => StabilityOptions.PerturbationsKey.RequireFit(options.Perturbations, Key, data);

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed) => new(options.Perturbations.Count);

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        Prediction[] clean = context.Share.SeesAll ? [.. context.Evidence.Predictions(Condition.Clean)] : [];
        foreach (IPerturbation perturbation in options.Perturbations)
        {
            InferencePass.RunPerturbed(context, perturbation);
            if (context.Share.SeesAll)
            {
                KeepExamples(context, clean, perturbation);
            }
        }

        DifferentImages.Run(context);
    }

    private static void KeepExamples(CheckContext context, Prediction[] clean, IPerturbation perturbation)
    {
        int[] flipped = [.. context.Evidence.Predictions(InferencePass.Under(perturbation))
            .Where(prediction => prediction.Predicted != clean[prediction.Image].Predicted)
            .Select(prediction => prediction.Image)
            .Take(Examples)];
        float[] pixels = new float[context.Model.Input.Length];
        foreach (int image in flipped)
        {
            InferencePass.LoadPerturbed(context, perturbation, image, pixels);
            ChangedAnswer.Write(context, InferencePass.Under(perturbation), image, "perturbed", pixels);
        }
    }
}
