using AuditKit.Models.Onnx;
using AuditKit.Yaml;

namespace AuditKit.Models.Forms;

/// <summary>Which of a model's outputs holds the classes' scores.</summary>
internal static class ScoreChoice
{
    /// <summary>The values that may be it: all outputs that hold no labels, or the one that the user names.</summary>
    /// <exception cref="AuditException">There is none, or none of that name.</exception>
    public static ScoreOutput[] Candidates(Graph graph, ValueGivers givers, string? named)
    {
        string[] outputs = [.. graph.Outputs.Select(output => output.Name)];
        if (named is not null && !outputs.Contains(named) && givers.Index(named) < 0)
        {
            throw new AuditException($"{graph.Source}: no value of the model is named '{named}', which is to be its output.{Spelling.Nearest(named, outputs)} "
                + $"Its outputs are {string.Join(", ", outputs)}.");
        }

        ScoreOutput[] candidates = [.. (named is null ? outputs : [named]).Select(name => ScoreOutput.Of(graph, givers, name)).OfType<ScoreOutput>()];
        return candidates.Length > 0 ? candidates
            : throw new AuditException($"{graph.Source}: a classifier gives a number for each class, but the outputs of this model hold labels or its "
                + $"input: {string.Join("; ", graph.Outputs)}.");
    }

    /// <summary>The output to take.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="candidates">The outputs that may be it, at least one.</param>
    /// <param name="trial">What a trial run gave of their values.</param>
    /// <param name="batch">Images in a batch of it.</param>
    /// <param name="wanted">What the user says that the output's numbers are; null for nothing.</param>
    /// <exception cref="AuditException">None holds scores, or several do that say different things.</exception>
    public static Scores Of(Graph graph, ScoreOutput[] candidates, Dictionary<string, TrialValue> trial, int batch, Activation? wanted)
    {
        ScoreOutput[] rows = [.. candidates.Where(output => trial.TryGetValue(output.Value, out TrialValue? value)
            && value.IsRows(batch)).DistinctBy(output => output.Value)];
        ScoreOutput[] several = [.. rows.Where(output => trial[output.Value].Length > 1)];
        if (rows.Length == 0)
        {
            string gives = string.Join("; ", candidates.Select(output => trial.TryGetValue(output.Value, out TrialValue? value)
                ? $"'{output.Value}' is {string.Join("×", value.Shape)}" : $"'{output.Value}' holds no floating point numbers"));
            throw new AuditException($"{graph.Source}: a classifier gives K ≥ 2 logits an image, but for {batch} images {gives}.");
        }

        if (rows.Length == 1)
        {
            return Scores.Of(graph.Source, rows[0], trial, wanted);
        }

        Scores?[] found = [.. (several.Length > 0 ? several : rows).Select(output => Try(graph.Source, output, trial, wanted))];
        // Logits before their own probabilities, and whatever says the same.
        Scores? first = found.OfType<Scores>().MinBy(scores => scores.Kind);
        return first is not null && found.All(scores => scores is not null && (ReferenceEquals(scores, first) || Agree(first, scores, trial))) ? first
            : throw new AuditException($"{graph.Source}: a classifier has one output of scores, but this model has {found.Length}: "
                + $"{string.Join(", ", rows.Select(output => $"{output.Value} ({trial[output.Value].Length} numbers)"))}. "
                + $"Say which one to take: output: {(first?.Output ?? rows[0]).Value}.");
    }

    private static Scores? Try(string path, ScoreOutput output, Dictionary<string, TrialValue> trial, Activation? wanted)
    {
        try
        {
            return Scores.Of(path, output, trial, wanted);
        }
        catch (AuditException)
        {
            // Not told by itself; another output may be.
            return null;
        }
    }

    private static bool Agree(Scores one, Scores other, Dictionary<string, TrialValue> trial)
        => one.Length == other.Length && new ScoreRows(Softmax(Logits(one, trial), one.Classes), one.Classes).AreSoftmaxOf(Logits(other, trial));

    private static float[] Logits(Scores scores, Dictionary<string, TrialValue> trial)
        => ScoreRows.ToLogits(trial[scores.Output.Value].Rows, scores.Kind, scores.Length);

    private static float[] Softmax(float[] logits, int classes) => [.. logits.Chunk(classes).SelectMany(row =>
    {
        double largest = row.Max(), sum = row.Sum(z => Math.Exp(z - largest));
        return row.Select(z => (float)(Math.Exp(z - largest) / sum));
    })];
}
