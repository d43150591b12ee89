using AuditKit.Data;
using AuditKit.Specs;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>How a model that fails its audit may be trained, as the spec's <c>remedy:</c> block says it; every key is optional.</summary>
public sealed record RemedySpec
{
    /// <summary>The share of every group's training images that candidates are compared on (our choice).</summary>
    internal const double HeldOut = 0.2;

    private const string Block = "remedy";

    private static readonly BlockKey s_data = new(
        "data", "What is trained on; absent, the training split of the audited data", [.. DataSpec.Keys]);
    private static readonly TextKey s_group = new("group-attribute", "The attribute whose groups are to get better; absent, one that the audit failed by");
    private static readonly IntegerKey s_epochs = new("epochs", "Passes over the training data", 5, 1, 100_000);
    private static readonly IntegerKey s_batch = new("batch", "Images in a batch", 128, 2, 65_536);
    private static readonly ChoiceKey<string> s_train = new(
        "train", "The part that is trained", new[] { "all", "last-block", "head" }.ToDictionary(part => part), "all");
    private static readonly NumberKey s_rate = new("rate", "The learning rate; absent, what each method wants", null, 1e-9, 100);
    private static readonly NumberKey s_decay = new("weight-decay", "The weight decay; absent, what each method wants", null, 0, 100);

    /// <summary>The keys of the block.</summary>
    public static IReadOnlyList<SpecKey> Keys { get; } = [s_data, s_group, MethodCatalog.Key, s_epochs, s_batch, s_train, s_rate, s_decay];

    /// <summary>The <c>data:</c> block of the training data, as a recipe has it.</summary>
    public required SpecMap Data { get; init; }

    /// <summary>Whether the spec names the training data; otherwise it is the training split of the audited data.</summary>
    public required bool NamesData { get; init; }

    /// <summary>The attribute whose product with the class makes the groups; null to take one that the audit failed by.</summary>
    public string? GroupAttribute { get; init; }

    /// <summary>The <c>method:</c> block; null to choose by what failed.</summary>
    public SpecMap? Method { get; init; }

    /// <summary>Passes over the training data.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images in a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>The learning rate, which falls to 0 along a cosine; null for what each method wants.</summary>
    public required double? Rate { get; init; }

    /// <summary>The part that methods with epochs train, as a recipe's <c>model.train</c>.</summary>
    public required string Train { get; init; }

    /// <summary>The optimiser's weight decay; null for what each method wants.</summary>
    public required double? WeightDecay { get; init; }

    /// <summary>Reads a spec's <c>remedy:</c> block. Without <c>data</c> there, the training data is the split <c>train</c> of the audited data.</summary>
    /// <exception cref="AuditException">A key is unknown, a value cannot be used, or the training data has to be named.</exception>
    public static RemedySpec Parse(AuditSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        SpecMap root = SpecMap.Parse(spec.File, spec.Text);
        return Read(spec, named => TrainingData(named, root.Map("data"), spec));
    }

    /// <summary>Refuses a block that nothing could be done by; whether there is training data is asked when a model has failed.</summary>
    /// <exception cref="AuditException">A key is unknown, or a value cannot be used.</exception>
    public static void RequireKeys(AuditSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Read(spec, named => named ?? SpecMap.Parse(Block, "{}"));
    }

    private static RemedySpec Read(AuditSpec spec, Func<SpecMap?, SpecMap> data)
    {
        SpecMap map = spec.Remedy ?? SpecMap.Parse(Block, "{}");
        _ = MethodCatalog.Key.Read(map);
        var remedy = new RemedySpec
        {
            Data = data(map.OptionalMap(s_data.Key)),
            NamesData = map.Has(s_data.Key),
            GroupAttribute = s_group.Read(map),
            Method = map.OptionalMap(MethodCatalog.Key.Key) is { } method ? FromAnywhere(method, spec.Folder) : null,
            Epochs = s_epochs.Read(map),
            Batch = s_batch.Read(map),
            Rate = s_rate.ReadOptional(map),
            Train = s_train.Read(map),
            WeightDecay = s_decay.ReadOptional(map),
        };
        map.Finish();
        return remedy;
    }

    private static SpecMap TrainingData(SpecMap? named, SpecMap audited, AuditSpec spec)
    {
        SpecMap data = named ?? audited;
        if (named is null)
        {
            if (spec.Data.Split is "train" or "training" || spec.Data.Part is { IsHeldOut: false })
            {
                throw new AuditException($"{spec.File}: the audit is of training data. Name what to train on under remedy.data.");
            }

            data.Remove("limit");
            data.Remove("skip");
            data.Remove("portion");
            data.SetText(spec.Data.Part is null ? "split" : "part", spec.Data.Part is null ? "train" : "training");
        }

        data = FromAnywhere(data, spec.Folder);
        Named(named is not null, () => DataSpec.Parse(data, spec.Folder));
        return data;
    }

    /// <summary>Opens the training data.</summary>
    /// <param name="spec">The audit's spec.</param>
    /// <exception cref="AuditException">It cannot be opened; where the spec names none, that is what is said.</exception>
    internal IDataset Open(AuditSpec spec) => Named(NamesData, () => DatasetCatalog.Open(DataSpec.Parse(Data, spec.Folder)));

    // What is taken for the training data of the audited data is nobody's request.
    private static T Named<T>(bool isNamed, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AuditException e) when (!isNamed)
        {
            throw new AuditException($"There is no training data: {e.Message} Name it in the spec: remedy: {{ data: {{ path: …, split: … }} }}.", inner: e);
        }
    }

    /// <summary>A <c>data:</c> or <c>method:</c> block that means the same in another folder's file: the recipe lies elsewhere than the spec.</summary>
    /// <param name="block">The block, changed in place.</param>
    /// <param name="folder">The spec's folder.</param>
    internal static SpecMap FromAnywhere(SpecMap block, string folder)
    {
        foreach (string key in new[] { "path", "masks", "recipe" })
        {
            if (block.OptionalText(key) is { } path)
            {
                block.SetText(key, Path.GetFullPath(path, folder));
            }
        }

        const string Sources = "sources";
        if (block.Has(Sources))
        {
            block.SetTexts(Sources, block.List(Sources).Select(path => Path.GetFullPath(path, folder)));
        }

        return block;
    }
}
