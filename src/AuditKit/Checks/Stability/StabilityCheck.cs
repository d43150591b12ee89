using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Checks.Stability;

/// <summary>
/// Predicts every image as it is and under each perturbation, with the distance that its embedding moves, and
/// measures the distances between different images to compare those with (Zheng et al., Improving the Robustness
/// of Deep Neural Networks via Stability Training, CVPR 2016).
/// </summary>
public sealed class StabilityCheck(StabilityOptions options) : ICheck
{
    /// <summary>The label of an example's unchanged image.</summary>
    internal const string Original = "original";

    /// <summary>The label of an example's perturbed image.</summary>
    internal const string Perturbed = "perturbed";

    /// <summary>Flipped images kept for the report under each perturbation: those of the lowest indices.</summary>
    private const int Examples = 3;

    /// <inheritdoc/>
    public string Name => "stability";

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
        => SpecPerturbations.RequireFit(options.Perturbations, "checks.stability.perturbations", data);

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        Prediction[] clean = [.. context.Evidence.Predictions(InferencePass.Clean)];
        foreach (IPerturbation perturbation in options.Perturbations)
        {
            InferencePass.RunPerturbed(context, perturbation);
            KeepExamples(context, clean, perturbation);
        }

        DifferentImages.Run(context);
    }

    private static void KeepExamples(CheckContext context, Prediction[] clean, IPerturbation perturbation)
    {
        int[] flipped = [.. context.Evidence.Predictions(perturbation.Name)
            .Where(prediction => prediction.Predicted != clean[prediction.Image].Predicted)
            .Select(prediction => prediction.Image)
            .Take(Examples)];
        InputShape input = context.Model.Input;
        float[] pixels = new float[input.Length];
        foreach (int image in flipped)
        {
            InputImage.Load(context.Data, context.Transform, image, pixels);
            context.Evidence.WriteExample(perturbation.Name, image, Original, InputImage.From(pixels, input));
            InferencePass.LoadPerturbed(context, perturbation, image, pixels);
            context.Evidence.WriteExample(perturbation.Name, image, Perturbed, InputImage.From(pixels, input));
        }
    }
}
