using AuditKit.Specs;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>The recipe of a candidate: the audited model trained further, on the remedy's data.</summary>
/// <param name="spec">The audit.</param>
/// <param name="remedy">What it says of remedies.</param>
/// <param name="plan">What is addressed.</param>
internal sealed class RemedyRecipe(AuditSpec spec, RemedySpec remedy, RemedyPlan plan)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "recipe.yaml";

    private const string Selection = "selection", Floor = "floor";

    /// <summary>The recipe of what is split off the training data to compare candidates on: <c>{ recipe: …, part: held-out }</c> is that.</summary>
    public string SplitText()
    {
        SpecMap split = SpecMap.Parse(FileName, "{}");
        split.Set("data", remedy.Data);
        SetGroups(split);
        split.SetNumber("seed", spec.Seed);
        split.SetNumber("validation", RemedySpec.HeldOut);
        return split.ToYaml();
    }

    /// <summary>The recipe's text. Paths are whole, so that it is the same in every folder.</summary>
    /// <param name="candidate">The method with its settings.</param>
    /// <param name="data">The data to learn from.</param>
    /// <param name="test">The data to measure the model on.</param>
    /// <param name="accuracy">
    /// The failed model's accuracy on held-out images: epochs that are better where it failed are kept as long as they lose little of it.
    /// </param>
    public string Text(RemedyCandidate candidate, SpecMap data, SpecMap test, double accuracy)
    {
        var root = SpecMap.Parse(spec.File, spec.Text);
        SpecMap model = root.Map("model");
        model.SetText("path", spec.Model.Path);
        model.Remove("embedding");
        model.Remove("float");
        if (spec.Model.Mean.Count == 0)
        {
            model.SetNumber("mean", 0);
            model.SetNumber("std", 1);
        }

        // Without epochs nothing before the last layer moves, and what it makes of the images is computed once for all.
        model.SetText("train", candidate.IsLastLayer ? "head" : remedy.Train);
        SpecMap optimiser = SpecMap.Parse(FileName, candidate.Optimiser);
        optimiser.SetNumber("rate", candidate.Rate);
        optimiser.SetNumber("weight-decay", candidate.WeightDecay);
        var recipe = SpecMap.Parse(FileName, "name: remedy");
        recipe.SetText("name", $"{candidate.Method}, of the model that failed");
        recipe.Set("model", model);
        recipe.Set("data", data);
        recipe.Set("test", test);
        recipe.SetNumber("validation", candidate.Validation);
        SetGroups(recipe);
        recipe.SetNumber("seed", spec.Seed);
        recipe.SetNumber("epochs", candidate.IsLastLayer ? 0 : remedy.Epochs);
        recipe.SetNumber("batch", remedy.Batch);
        recipe.Set("optimiser", optimiser);
        recipe.Set("schedule", SpecMap.Parse(FileName, "{ name: cosine }"));
        recipe.Set("method", WithEmbedding(candidate.Block));
        var selection = SpecMap.Parse(FileName, "{}");
        selection.SetNumber(Floor, Math.Max(0, Math.Round(accuracy - TrialOrder.AllowedLoss, 4)));
        if (plan.HardGroup is { } hard)
        {
            selection.SetText("hard-group", hard);
        }

        recipe.Set(Selection, selection);
        return recipe.ToYaml();
    }

    /// <summary>The accuracy that a recipe was made with, as far as its floor tells.</summary>
    /// <param name="text">The recipe's text.</param>
    public static double AccuracyIn(string text)
    {
        try
        {
            return SpecMap.Parse(FileName, text).OptionalMap(Selection)?.Number(Floor, 0, 0, 1) + TrialOrder.AllowedLoss ?? 0;
        }
        catch (AuditException)
        {
            return 0;
        }
    }

    // What the audit takes as the model's embedding is what the method is to change, where it changes one and says nothing else.
    private SpecMap WithEmbedding(SpecMap method)
    {
        const string Embedding = "embedding";
        if (spec.Model.Embedding is not { } name || method.Keys.Contains(Embedding)
            || !RemedyDefaults.Of(method.Text("name")).ChangesEmbedding && method.OptionalText("task") != Embedding)
        {
            return method;
        }

        var block = SpecMap.Parse("method", method.ToYaml());
        block.SetText(Embedding, name);
        return block;
    }

    private void SetGroups(SpecMap map)
    {
        if ((remedy.GroupAttribute ?? plan.Attribute) is { } groups)
        {
            map.SetText("group-attribute", groups);
        }
    }
}
