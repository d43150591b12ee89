using AuditKit.Models.Onnx;
using AuditKit.Training.Loop;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// The layers whose feature maps DELTA compares: like its authors' last convolutions, before normalisation, of a residual network's
/// four stages, the deepest convolution at each resolution, but for a resolution that only the first convolution has.
/// </summary>
internal static class FeatureLayers
{
    /// <summary>Names of the convolutions' outputs, in the order of the network.</summary>
    /// <exception cref="AuditException">The encoder has no two-dimensional convolution.</exception>
    public static IReadOnlyList<string> Find(TrainingTask task)
    {
        var depth = new Dictionary<string, int>(StringComparer.Ordinal);
        var convolutions = new List<string>();
        foreach (Node node in task.Network.Nodes)
        {
            bool isConvolution = node.Type == "Conv" && node.Domain.Length == 0;
            int deepest = node.Inputs.Select(input => depth.GetValueOrDefault(input)).Max() + (isConvolution ? 1 : 0);
            foreach (string output in node.Outputs)
            {
                depth[output] = deepest;
            }

            if (isConvolution)
            {
                convolutions.Add(node.Outputs[0]);
            }
        }

        string[] levels = [.. convolutions.Zip(task.Network.Shapes(task.Transform.Input, task.Classifier().FixedBatch ?? 1, convolutions))
            // Convolutions of a single pixel weigh channels (squeeze and excitation), or come behind the pooling.
            .Where(layer => layer.Second is [_, _, var height, var width] && height * width > 1)
            .GroupBy(layer => (layer.Second[2], layer.Second[3]), layer => layer.First)
            .Select(level => level.Last(name => depth[name] == level.Max(other => depth[other])))];
        string[] found = levels.Length == 1 ? levels : [.. levels.Where(name => depth[name] > 1)];
        return found.Length > 0 ? found
            : throw new AuditException($"{task.Recipe.Name}: the model has no convolutions whose feature maps could be compared. Name its values "
                + "with method.layers: [NAME, …], or take l2-sp.");
    }
}
