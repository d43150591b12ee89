using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Checks.Tta;

/// <summary>
/// What a spec says under <c>tta: adapt</c>: <c>{ methods: [batch-norm, tent], batch: 200, source: 16, optimiser: adam, rate: 0.001 }</c>.
/// </summary>
public sealed record AdaptationOptions
{
    private static readonly Adaptation[] s_standard = [new BatchNormAdaptation(16), new TentAdaptation(default, 0.001)];
    private static readonly ListKey s_methods = new("methods", "How the model adapts itself to the batches that it is shown")
    {
        Known = [.. s_standard.Select(method => method.Key)],
        Example = "[tent]",
    };

    private static readonly IntegerKey s_batch = new("batch", "Images a batch, which the seed draws", 200, 2, 100_000) { Example = "7" };
    private static readonly NumberKey s_source = new("source", "N of batch-norm: as how many images training's statistics count", 16, 0, 1e9)
    {
        Example = "3",
    };
    private static readonly ChoiceKey<TentOptimiser> s_optimiser = new(
        "optimiser", "The optimiser of tent", new Dictionary<string, TentOptimiser> { ["adam"] = TentOptimiser.Adam, ["sgd"] = TentOptimiser.Sgd }, default)
    {
        Example = "sgd",
    };
    private static readonly NumberKey s_rate = new("rate", "The learning rate of tent", 0.001, 1e-9, 10) { Example = "0.01" };

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_methods, s_batch, s_source, s_optimiser, s_rate];

    /// <summary>The ways to adapt, <c>methods</c> with their settings; at least one.</summary>
    public IReadOnlyList<Adaptation> Methods { get; init; } = s_standard;

    /// <summary>Images a batch, <c>batch</c>; the images are divided evenly, so that no batch is much smaller.</summary>
    public int Batch { get; init => field = s_batch.Require(value); } = s_batch.Default;

    internal static AdaptationOptions Parse(SpecMap map)
    {
        Dictionary<string, Adaptation> known = new Adaptation[]
        {
            new BatchNormAdaptation(s_source.Read(map)),
            new TentAdaptation(s_optimiser.Read(map), s_rate.Read(map)),
        }.ToDictionary(method => method.Key);
        IReadOnlyList<string> names = map.List(s_methods.Key, name => name, name => name, [.. known.Keys]);
        if (names.FirstOrDefault(name => !known.ContainsKey(name)) is { } unknown)
        {
            throw map.Error(
                s_methods.Key, $"'{unknown}' is no way of adapting.{Spelling.Nearest(unknown, known.Keys)} There are {string.Join(" and ", known.Keys)}.");
        }

        var options = new AdaptationOptions { Methods = [.. names.Select(name => known[name])], Batch = s_batch.Read(map) };
        map.Finish();
        return options.Methods.Count > 0 ? options : throw map.Error(s_methods.Key, $"name {string.Join(" or ", known.Keys)}, or both.");
    }
}
