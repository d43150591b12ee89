namespace AuditKit.Proposals;

/// <summary>What was found of a model's preprocessing, in sentences: for the console and for the comments of a spec.</summary>
public static class PreprocessingWords
{
    /// <summary>One sentence a line, what is doubtful with a word of warning first.</summary>
    public static IEnumerable<string> Of(PreprocessingChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        yield return $"Preprocessing: {Figures(choice.Best)}, of the usual ones the likeliest on {NumberText.Count(choice.Best.Scores.Count)} images.";
        if (choice.RunnerUp is { } next)
        {
            yield return choice.IsClear
                ? $"Next: {Figures(next)}."
                : $"DOUBTFUL: {Figures(next)} cannot be told from it by these images. Look up what the training did.";
        }

        if (!choice.BeatsChance)
        {
            yield return $"DOUBTFUL: none is surely better than always answering the most frequent class ({NumberText.Percent(choice.Chance)}). Are these "
                + "the classes that the model was trained for?";
        }

        if (choice.Order is not null)
        {
            yield return "DOUBTFUL: the outputs stand in another order than the data's classes; data.classes has the order that the labels ask for.";
        }
    }

    private static string Figures(TriedPreprocessing tried)
        => $"{tried.Name} ({NumberText.Percent(tried.Correct.Estimate)} right, {NumberText.Value(tried.MeanLogLikelihood)} nats an image)";
}
