using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Specs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <content>What is seen to before the first network is trained, for hours may lie between it and the last.</content>
public sealed partial record Reproduction
{
    // Reads all recipes and specs, opens what they start from, which many have in common, and sees whether their methods fit it.
    private void RequireFit(string folder, Device device, int threads)
    {
        TrainingRun.RequireDevice(device);
        long[] seeds = [.. ChoosingSeeds.Union(Seeds)];
        HashSet<string> checks = [TrainingRecord.Check, PairedRuns.Check];
        List<(MethodRow Row, Recipe Recipe)> begun = [];
        foreach (MethodRow row in Rows)
        {
            (IReadOnlyList<string> Setting, string Folder, Recipe Recipe)[] runs =
            [
                .. from setting in row.Settings
                   from seed in seeds
                   select (setting, FolderOf(folder, row, setting, seed), Require(folder, row, setting, seed)),
            ];
            AuditSpec spec = Of(row, () => AuditSpec.Load(
                AuditFile, [.. row.AuditSet, SpecMap.Assignment("model.path", TrainingRun.ModelFile)], catalog: null, mustExist: false));
            foreach ((IReadOnlyList<string> setting, _, Recipe recipe) in runs.Where(run => run.Recipe.Seed == seeds[0]))
            {
                SameImages(recipe.Model, spec.Model, string.Join(", ", [row.Name, .. setting]));
            }

            Of(row, () => DatasetCatalog.Open(spec.Data).Dispose());
            checks.UnionWith(spec.Checks.Select(check => check.Descriptor.Key));
            begun.AddRange(runs.Where(run => TrainingRecord.Read(run.Folder) is null && !StartsFromTable(folder, run.Recipe)).Select(run => (row, run.Recipe)));
        }

        foreach ((MethodRow Row, Recipe Recipe)[] alike in begun.GroupBy(each => each.Recipe.Beginning).Select(alike => alike.ToArray()))
        {
            using TrainingStart start = Of(alike[0].Row, () => TrainingStart.Of(alike[0].Recipe, device, threads));
            // A method is the same with every seed.
            foreach ((MethodRow row, Recipe recipe) in alike.Where(each => each.Recipe.Seed == seeds[0] && !NamesSources(each.Row)))
            {
                Of(row, () => TrainingRun.RequireMethod(start, recipe with { Model = start.Model }, device, threads));
            }
        }

        RequireFigures(checks);
    }

    // What the table itself trains first is not there yet: a model that another row gives, or networks to learn from.
    private static bool StartsFromTable(string folder, Recipe recipe) => !System.IO.File.Exists(recipe.Model.Path)
        && recipe.Model.Path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // A figure tells nothing of a network that was shown other images than it has learnt from. Channels, range and shape that the audit leaves out are
    // the file's own to say, and so is a shape that the recipe leaves out.
    private void SameImages(ModelSpec learnt, ModelSpec shown, string row)
    {
        ModelSpec trained = Whole(learnt with { Input = learnt.Input ?? shown.Input });
        ModelSpec audited = Whole(shown with { Channels = shown.Channels ?? learnt.Channels, Range = shown.Range ?? learnt.Range, Input = shown.Input ?? learnt.Input });
        foreach (((string key, string expected), (_, string actual)) in trained.Preprocessing.Zip(audited.Preprocessing))
        {
            if (actual != expected && key is "input" or "channels" or "range" or "mean" or "std" or "resize" or "crop" or "stretch")
            {
                throw new AuditException($"{AuditFile}: model.{key} is {Or(actual)}, where {RecipeFile} trains with {Or(expected)} (row '{row}'). "
                    + "Make them the same, in the files or by 'audit-set'.");
            }
        }

        static ModelSpec Whole(ModelSpec model) => model with
        {
            Channels = model.Channels ?? ChannelOrder.Rgb,
            Range = model.Range ?? PixelRange.Unit,
            Mean = model.Mean.All(value => value == 0) ? [] : model.Mean,
            Std = model.Std.All(value => value == 1) ? [] : model.Std,
        };

        static string Or(string value) => value.Length > 0 ? value : "none";
    }

    // A metric that is misspelt shows when it is measured; a check that is not there can be told before hours of training.
    private void RequireFigures(IReadOnlyCollection<string> checks)
    {
        if (Figures.FirstOrDefault(figure => !checks.Contains(figure.Finding.Split('/')[0])) is { Finding: { } unknown })
        {
            throw new AuditException($"{File}: 'figures' names '{unknown}', and what is measured is {string.Join(", ", checks)} alone."
                + Spelling.Nearest(unknown.Split('/')[0], checks));
        }
    }

    // The recipe of a training, whose folder holds no other's.
    private Recipe Require(string folder, MethodRow row, IReadOnlyList<string> setting, long seed)
    {
        Recipe recipe = Load(folder, row, setting, seed);
        TrainingRun.RequireRecipe(recipe, FolderOf(folder, row, setting, seed));
        TrainingRun.RequireFolder(recipe, FolderOf(folder, row, setting, seed));
        return recipe;
    }

    private void Of(MethodRow row, Action require) => Of(row, () =>
    {
        require();
        return row;
    });
}
