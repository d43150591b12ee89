using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class TrainingSplitTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public TrainingSplitTests()
    {
        // Three groups of class × place with 20, 10 and 3 images; the fourth is empty.
        Write("train", ("cat", "land", 20), ("cat", "water", 10), ("dog", "land", 3));
        Write("val", ("cat", "land", 2), ("cat", "water", 1), ("dog", "land", 1));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0.1", 2, 1, 1)]
    [InlineData("0.5", 10, 5, 2)]
    [InlineData("0.9", 18, 9, 2)]
    public void Every_group_gives_its_share_and_keeps_an_image_to_learn_from(string share, params int[] held)
    {
        using SplitData data = Split($"validation: {share}").Open();

        ILookup<string, int> groups = ImageGroups.Of(data.Training, "place");
        Assert.Equal(
            held, new[] { "class = cat x place = land", "class = cat x place = water", "class = dog x place = land" }
                .Select(group => groups[group].Intersect(data.ValidationImages).Count()));
        Assert.Equal(Enumerable.Range(0, 33), data.TrainingImages.Concat(data.ValidationImages).Order());
        Assert.Same(data.Training, data.Validation);
    }

    [Fact]
    public void The_seed_draws_and_another_group_changes_nothing_for_the_others()
    {
        string[] first = HeldOut(Split()), again = HeldOut(Split()), other = HeldOut(Split() with { Seed = 2 });
        Write("train", ("cat", "land", 20), ("cat", "water", 10), ("dog", "land", 3), ("dog", "water", 9));
        string[] more = HeldOut(Split());

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Subset(more.ToHashSet(), first.ToHashSet());
        Assert.Equal(first.Length + 1, more.Length);

        static string[] HeldOut(TrainingSplit split)
        {
            using SplitData data = split.Open();
            return [.. data.ValidationImages.Select(data.Validation.Source)];
        }
    }

    [Fact]
    public void The_data_sets_own_split_is_taken_whole()
    {
        using SplitData data = Split("validation: { path: val }").Open();
        Assert.Equal((33, 4), (data.TrainingImages.Count, data.ValidationImages.Count));
        Assert.NotSame(data.Training, data.Validation);
    }

    [Theory]
    [InlineData("", "held-out", "", 4)]
    [InlineData("", "training", "", 29)]
    [InlineData("validation: 0.4", "held-out", "", 13)]
    [InlineData("validation: { path: val }", "held-out", "", 4)]
    [InlineData("validation: { path: val }", "training", "", 33)]
    [InlineData("", "training", ", seed: 7", 29)]
    [InlineData("", "training", ", limit: 5", 5)]
    [InlineData("per-class: 2", "training", "", 4)]
    [InlineData("per-class: 2", "training", ", seed: 7", 4)]
    [InlineData("per-class: 2", "held-out", "", 4)]
    [InlineData("validation: { path: val }\nper-class: 3", "training", "", 6)]
    [InlineData("validation: { path: val }\nper-class: 3", "held-out", "", 4)]
    public void A_spec_addresses_the_images_that_training_opens(string validation, string part, string more, int count)
    {
        WriteRecipe(validation);
        DataSpec spec = Parse($"{{ recipe: recipe.yaml, part: {part}{more} }}");
        TrainingSplit split = Split(validation);
        using SplitData data = (more.Contains("seed", StringComparison.Ordinal) ? split with { Seed = 7 } : split).Open();
        (IDataset set, IReadOnlyList<int> images) = part == "training" ? (data.Training, data.TrainingImages) : (data.Validation, data.ValidationImages);

        using IDataset opened = DatasetCatalog.Open(spec);

        Assert.Equal(count, opened.Count);
        Assert.Equal(
            images.Take(count).Select(image => (set.Source(image), set.Label(image), set.Attribute("place", image), set.Load(image).Samples[0])),
            Enumerable.Range(0, count)
                .Select(image => (opened.Source(image), opened.Label(image), opened.Attribute("place", image), opened.Load(image).Samples[0])));
        Assert.Equal(set.Files, opened.Files);
        Assert.Equal(set.Classes, opened.Classes);
    }

    // The data's digest is of the files; which of their images it was must be in what the spec makes of them.
    [Fact]
    public void The_identity_says_which_images_it_was_and_nothing_else_of_the_recipe()
    {
        WriteRecipe("");
        string[] specs =
        [
            "{ recipe: recipe.yaml, part: held-out }", "{ recipe: recipe.yaml, part: training }", "{ recipe: recipe.yaml, part: held-out, seed: 9 }",
            "{ recipe: recipe.yaml, part: held-out, limit: 2 }", "{ path: train }",
        ];
        string[] before = [.. specs.Select(spec => Parse(spec).Changes())];
        WriteRecipe("per-class: 2");
        string[] few = [.. specs.Select(spec => Parse(spec).Changes())];
        WriteRecipe("epochs: 3");
        string[] others = [.. specs.Select(spec => Parse(spec).Changes())];
        WriteRecipe("validation: 0.2");
        string[] larger = [.. specs.Select(spec => Parse(spec).Changes())];

        Assert.Equal(specs.Length, before.Distinct().Count());
        Assert.Equal(before, others);
        Assert.Equal([true, false, true, true, true], before.Zip(few, (one, other) => one == other));
        Assert.All(before.Zip(larger).Take(4), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void A_group_of_one_image_is_named_before_training()
    {
        Write("train", ("cat", "land", 20), ("dog", "land", 1));
        string message = DataFolder.Refused(() => Split().Open());
        Assert.Contains("there is only one of class = dog x place = land", message);
        Assert.Contains("validation: { split: … }", message);
    }

    [Fact]
    public void A_group_that_validation_lacks_is_named()
    {
        Write("val", ("cat", "land", 2), ("dog", "water", 1));
        string message = DataFolder.Refused(() => Split("validation: { path: val }").Open());
        Assert.Contains("has no image of class = cat x place = water, class = dog x place = land", message.Replace(" and ", ", ", StringComparison.Ordinal));
    }

    [Fact]
    public void Validation_data_of_its_own_may_have_the_attribute_alone()
    {
        string list = _folder.At("train/list.csv");
        File.WriteAllLines(list, [.. File.ReadAllLines(list).Select(line => line[..line.LastIndexOf(',')])]);

        using (SplitData data = Split("validation: { path: val }").Open())
        {
            Assert.Equal((33, 4), (data.TrainingImages.Count, data.ValidationImages.Count));
            Assert.Null(Split("validation: { path: val }").AttributeOf(data.Training));
        }

        // A share of the training data has no more attributes than they have.
        Assert.Contains("has no attribute 'place'", DataFolder.Refused(() => Split("validation: 0.1").Open()));
        list = _folder.At("val/list.csv");
        File.WriteAllLines(list, [.. File.ReadAllLines(list).Select(line => line[..line.LastIndexOf(',')])]);
        Assert.Contains("has no attribute 'place'", DataFolder.Refused(() => Split("validation: { path: val }").Open()));
    }

    [Theory]
    [InlineData("data: { path: train }\nvalidation: { limit: 3 }", "is the training data itself")]
    [InlineData("data: { path: train }\nvalidation: { splt: val }", "Did you mean 'split'?")]
    [InlineData("data: { path: train }\nvalidation: 0.95", "between 0.001 and 0.9")]
    [InlineData("data: { recipe: recipe.yaml }", "leads back to this recipe")]
    [InlineData("data: { path: train, part: held-out }", "has 'part' but no 'recipe'")]
    [InlineData("data: { recipe: audit.yaml, part: held-out }", "is the spec of an audit")]
    [InlineData("data: { recipe: other.yaml, path: train }", "unknown key 'path' in 'data'")]
    [InlineData("data: { recipe: other.yaml, part: test }", "'test' is not one of held-out, training")]
    [InlineData("data: { recipe: other.yaml }\nvalidation: { split: val }", "must be a share here")]
    public void What_makes_no_sense_is_refused_with_its_place(string recipe, string message)
    {
        _folder.Write("other.yaml", $"data: {{ path: {_folder.At("train")} }}\nseed: 1\n");
        _folder.Write("audit.yaml", $"data: {{ path: {_folder.At("train")} }}\nseed: 1\nchecks: {{ accuracy: {{}} }}\n");
        _folder.Write("recipe.yaml", recipe + "\nseed: 1\n");
        string refusal = DataFolder.Refused(() => TrainingSplit.Parse(SpecMap.Parse("recipe.yaml", recipe + "\nseed: 1\n"), _folder.Root));
        Assert.Matches(@"recipe\.yaml:\d+:\d+: ", refusal);
        Assert.Contains(message, refusal);
    }

    private void WriteRecipe(string more) => _folder.Write("recipe.yaml", Recipe(more));

    private TrainingSplit Split(string more = "") => TrainingSplit.Parse(SpecMap.Parse("recipe.yaml", Recipe(more)), _folder.Root);

    private static string Recipe(string more) => $"name: pets\ndata: {{ path: train }}\ngroup-attribute: place\nseed: 1\n{more}\n";

    private DataSpec Parse(string yaml) => DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root);

    private void Write(string set, params (string Class, string Place, int Count)[] groups)
    {
        var list = new StringWriter();
        list.WriteLine("path,label,place");
        byte value = 0;
        foreach ((string kind, string place, int count) in groups)
        {
            for (int i = 0; i < count; i++)
            {
                string image = $"{kind}-{place}-{i}.png";
                _folder.WriteImage($"{set}/{image}", value++);
                list.WriteLine($"{image},{kind},{place}");
            }
        }

        _folder.Write($"{set}/list.csv", list.ToString());
    }
}
