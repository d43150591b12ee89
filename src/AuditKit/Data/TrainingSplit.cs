using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>Which images a recipe learns from, and which it keeps back to choose the epoch by.</summary>
public sealed record TrainingSplit
{
    private static readonly ValidationKey s_validation = new();
    private static readonly IntegerKey s_perClass = new(
        "per-class", "How many images of each class are learnt from, drawn by the seed; absent, all that are not held out", null, 1, int.MaxValue);
    private static readonly TextKey s_groupAttribute = new("group-attribute", "The attribute whose product with the class makes the groups; validation data of its own may have it alone");

    /// <summary>The keys of a recipe that say it.</summary>
    public static IReadOnlyList<SpecKey> Keys { get; } =
    [
        new BlockKey("data", "The training data", DataSpec.Keys) { IsRequired = true },
        s_validation,
        s_perClass,
        s_groupAttribute,
        new NumberKey("seed", "The seed of every random draw, a whole number", null, 0, long.MaxValue) { IsRequired = true },
    ];

    /// <summary>The training data.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The images to choose the epoch by; null where <see cref="Share"/> of the training data is held out.</summary>
    public DataSpec? Validation { get; init; }

    /// <summary>The share of every group's images that is held out, in (0, 1); at least one image of each.</summary>
    public double Share { get; init; }

    /// <summary>How many images of each class are learnt from, drawn by the seed; null for all that are not held out.</summary>
    public int? PerClass { get; init; }

    /// <summary>The attribute of the data whose product with the class makes the groups; null for the classes alone.</summary>
    public string? GroupAttribute { get; init; }

    /// <summary>The seed of the draw, which is the whole recipe's.</summary>
    public required long Seed { get; init; }

    /// <summary>Reads the keys of a recipe; others are left to whoever reads them.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The recipe's folder, which a relative path starts from.</param>
    /// <exception cref="AuditException">A key is missing, or a value cannot be used.</exception>
    public static TrainingSplit Parse(SpecMap recipe, string folder) => Parse(recipe, folder, []);

    /// <summary>Reads the keys of a recipe that other recipes' data leads to.</summary>
    internal static TrainingSplit Parse(SpecMap recipe, string folder, IReadOnlyList<string> leading)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var data = DataSpec.Parse(recipe.Map("data"), folder, leading);
        return new TrainingSplit
        {
            Data = data,
            Validation = s_validation.ReadData(recipe, data, folder),
            Share = s_validation.ReadShare(recipe) ?? 0,
            PerClass = recipe.Has(s_perClass.Key) ? s_perClass.Read(recipe) : null,
            GroupAttribute = s_groupAttribute.Read(recipe),
            Seed = recipe.Long("seed", null, 0, long.MaxValue),
        };
    }

    /// <summary>
    /// The attribute that makes groups of the training data: none where it lacks the <see cref="GroupAttribute"/> and other data chooses the epoch,
    /// which then has it.
    /// </summary>
    /// <param name="training">The training data.</param>
    internal string? AttributeOf(IDataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Validation is null || (GroupAttribute is { } attribute && training.Attributes.Contains(attribute)) ? GroupAttribute : null;
    }

    /// <summary>Opens both parts.</summary>
    /// <exception cref="AuditException">
    /// The data cannot be opened, a group has too few images to hold one back or a class to learn from, or the validation data lacks a group
    /// that is learnt from.
    /// </exception>
    public SplitData Open()
    {
        IDataset data = DatasetCatalog.Open(Data);
        IDataset validation = data;
        try
        {
            if (Validation is null)
            {
                (int[] training, int[] heldOut) = Draw(data);
                return new SplitData(data, Few(data, training), data, heldOut);
            }

            validation = DatasetCatalog.Open(Validation);
            RequireSameGroups(data, validation);
            return new SplitData(data, Few(data, [.. Enumerable.Range(0, data.Count)]), validation, [.. Enumerable.Range(0, validation.Count)]);
        }
        catch
        {
            data.Dispose();
            validation.Dispose();
            throw;
        }
    }

    /// <summary>Opens what is learnt from, or what is kept back, by itself.</summary>
    /// <exception cref="AuditException">The data cannot be opened, or a group has too few images to hold one back.</exception>
    internal IDataset Open(bool heldOut)
    {
        IDataset data = DatasetCatalog.Open(heldOut && Validation is not null ? Validation : Data);
        if (Validation is not null && (heldOut || PerClass is null))
        {
            return data;
        }

        try
        {
            int[] images = Validation is not null ? [.. Enumerable.Range(0, data.Count)] : heldOut ? Draw(data).HeldOut : Draw(data).Training;
            images = heldOut ? images : Few(data, images);
            return new ChosenImages($"{data.Name}, {images.Length} of {data.Count} images, {(heldOut ? "held out" : "learnt from")}", data, images);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private int[] Few(IDataset data, int[] images) => PerClass is { } few ? FewImages.Draw(data, images, few, Seed) : images;

    // Every group's images are shuffled by themselves, so that one group's size changes nothing for another.
    private (int[] Training, int[] HeldOut) Draw(IDataset data)
    {
        ILookup<string, int> groups = ImageGroups.Of(data, GroupAttribute);
        string[] small = [.. groups.Where(group => group.Count() < 2).Select(group => group.Key)];
        if (small.Length > 0)
        {
            throw new AuditException($"{data.Name}: validation holds back an image or more of every group, and there is only one of "
                + $"{WordList.First(small)}. Add images, or name other data: validation: {{ split: … }}.");
        }

        List<int> training = [], heldOut = [];
        foreach (IGrouping<string, int> group in groups)
        {
            int[] images = [.. group];
            CounterRandom.For(Seed, $"training/validation split/{group.Key}", 0).Shuffle(images);
            int held = Math.Clamp((int)Math.Round(images.Length * Share), 1, images.Length - 1);
            heldOut.AddRange(images[..held]);
            training.AddRange(images[held..]);
        }

        return ([.. training.Order()], [.. heldOut.Order()]);
    }

    private void RequireSameGroups(IDataset data, IDataset validation)
    {
        if (!data.Classes.SequenceEqual(validation.Classes))
        {
            throw new AuditException($"validation: {validation.Name} has the classes {WordList.First([.. validation.Classes])}, and the training data "
                + $"{WordList.First([.. data.Classes])}. They must be the same, in the same order: name them with data.classes.");
        }

        ImageGroups.Require(validation, GroupAttribute);
        ILookup<string, int> there = ImageGroups.Of(validation, AttributeOf(data));
        string[] missing = [.. ImageGroups.Of(data, AttributeOf(data)).Select(group => group.Key).Where(name => !there.Contains(name))];
        if (missing.Length > 0)
        {
            throw new AuditException($"validation: {validation.Name} has no image of {WordList.First(missing)}, which is learnt from. No epoch can be "
                + "chosen by a group that is not there: name other data, or hold out a share (validation: 0.1).");
        }
    }
}
