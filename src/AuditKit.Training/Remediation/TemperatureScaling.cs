using System.Globalization;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;
using AuditKit.Specs;
using AuditKit.Statistics;
using AuditKit.Training.Loop;

namespace AuditKit.Training.Remediation;

/// <summary>
/// Temperature scaling (Guo et al., On Calibration of Modern Neural Networks, ICML 2017) written into a model: its
/// logits are divided by the temperature that fits held-out data best. No prediction changes.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>Fits the temperature on the remedy's data and writes the model that divides by it.</summary>
    /// <param name="spec">The audit, for the model and how it takes images.</param>
    /// <param name="remedy">The data to fit on.</param>
    /// <param name="file">Where the new model goes.</param>
    /// <param name="device">Where the model runs.</param>
    /// <param name="threads">Threads that run it.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops; nothing is written then.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="AuditException">The data is not named in the spec, or does not fit the model.</exception>
    public static string Apply(
        AuditSpec spec, RemedySpec remedy, string file, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(remedy);
        ArgumentNullException.ThrowIfNull(progress);
        if (!remedy.NamesData)
        {
            throw new AuditException(
                $"{spec.File}: a temperature must be fitted on images that the model was not trained on. Name them under "
                + "remedy.data; they must not be the audited ones either.");
        }

        Graph graph = OnnxFile.Read(spec.Model.Path);
        var classifier = ClassifierGraph.Of(graph, spec.Model.Options(device, threads));
        string logits = classifier.OwnLogits ?? throw new AuditException($"{spec.Model.Path}: its output is {classifier.OutputText}. A temperature can "
            + "be written into models alone whose logits are a value of the graph: export it with its logits.");
        using IDataset data = remedy.Open(spec);
        using AuditedModel model = new ModelFiles(device, threads).Open(spec.Model);
        int[] all = [.. Enumerable.Range(0, data.Count)];
        var transform = model.Spec.Transform(model.Classifier.Input);
        ClassScores scores = new TrainingSet(data, transform, all, GroupTable.Of(data, attribute: null))
            .Scores(model.Classifier, done => progress("fitting the temperature", done, data.Count), cancellation);
        double temperature = Temperature.Fit(scores, all, cancellation);
        Divide(graph, logits, temperature, classifier.OwnLogitsType);
        string folder = Directory.CreateDirectory(Path.GetDirectoryName(file)!).FullName;
        OnnxFile.Write(graph, file);
        // What an earlier remedy wrote there of a model that it trained says nothing of this one.
        Array.ForEach([ModelCard.FileName, TrainingRecord.FileName, RemedyRecipe.FileName], stale => File.Delete(Path.Combine(folder, stale)));
        return string.Create(CultureInfo.InvariantCulture, $"logits divided by {temperature:0.####}, fitted on {data.Count} images of {data.Name}.");
    }

    /// <summary>Puts a division behind the node that gives the logits; everything after it takes the quotient.</summary>
    internal static void Divide(Graph graph, string logits, double temperature, ElementType type = ElementType.Float)
    {
        int at = graph.Nodes.FindIndex(node => node.Outputs.Contains(logits));
        Node giver = graph.Nodes[at];
        // A model that was divided before has values of these names.
        var border = new GraphBorder(graph);
        string undivided = border.Fresh($"{logits}, undivided");
        string divisor = graph.Initializer(border.Fresh($"{logits}, temperature"), TensorValue.Of([temperature], type));
        graph.Nodes[at] = giver.With(giver.Inputs, [.. giver.Outputs.Select(output => output == logits ? undivided : output)]);
        graph.Nodes.Insert(at + 1, new Node("Div", [undivided, divisor], [logits]) { Name = divisor });
    }
}
