using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>The optimiser as a recipe asks for it: <c>{ name: sgd, rate: 0.01, head-rate: 0.1, momentum: 0.9, weight-decay: 5e-4 }</c>.</summary>
/// <param name="Rate">The base learning rate, which the schedule scales.</param>
/// <param name="HeadRate">The learning rate of the layers behind the embedding, which the schedule scales, too; null for the base rate.</param>
/// <param name="Create">Makes the optimiser of some groups of parameters; each group's initial rate is its own.</param>
public sealed record OptimiserSpec(double Rate, double? HeadRate, Func<IReadOnlyList<ParameterGroup>, OptimizerHelper> Create)
{
    // At 0 nothing would be trained, which nobody asks for on purpose.
    private const double Slowest = 1e-12;

    private static readonly NumberKey s_rate = new("rate", "The base learning rate, which the schedule scales", null, Slowest, 100) { IsRequired = true };
    private static readonly NumberKey s_headRate = new("head-rate", "The learning rate of the layers behind the embedding; absent, rate", null, Slowest, 100);
    private static readonly NumberKey s_decay = new("weight-decay", "The weight decay", 0, 0, 100);
    private static readonly NumberKey s_momentum = new("momentum", "The momentum", 0, 0, 0.9999);
    private static readonly FlagKey s_nesterov = new("nesterov", "Whether steps look ahead by the momentum");
    private static readonly NumberKey s_beta1 = new("beta1", "The decay of the gradients' mean", 0.9, 0, 0.99999);
    private static readonly NumberKey s_beta2 = new("beta2", "The decay of their squares' mean", 0.999, 0, 0.99999);

    /// <summary>Whether every parameter's step is divided by the size of its own gradients, so that steps are of the rate's size: Adam and AdamW.</summary>
    public bool IsAdaptive { get; init; }

    /// <summary>
    /// The <c>optimiser:</c> block: <c>sgd</c>, <c>adam</c> (Kingma &amp; Ba 2015) or <c>adamw</c> (Loshchilov &amp; Hutter 2019).
    /// </summary>
    public static NamedBlockKey<OptimiserSpec> Key { get; } = new(
        "optimiser",
        "The optimiser",
        new Dictionary<string, NamedBlock<OptimiserSpec>>
        {
            ["sgd"] = new([s_rate, s_headRate, s_decay, s_momentum, s_nesterov], Sgd),
            ["adam"] = Adaptive((groups, beta1, beta2) => optim.Adam(
                groups.Select(group => new Adam.ParamGroup(group.Parameters, group.Rate, beta1, beta2, weight_decay: group.Decay)))),
            ["adamw"] = Adaptive((groups, beta1, beta2) => optim.AdamW(
                groups.Select(group => new AdamW.ParamGroup(group.Parameters, group.Rate, beta1, beta2, weight_decay: group.Decay)))),
        },
        "sgd")
    { IsRequired = true };

    /// <summary>A network's parameters in groups: those behind the embedding have a rate of their own where the recipe gives one.</summary>
    /// <param name="parameters">The parameters by name.</param>
    /// <param name="head">The names of those behind the embedding.</param>
    public IEnumerable<ParameterGroup> Groups(IReadOnlyDictionary<string, Parameter> parameters, IReadOnlyCollection<string> head)
        => parameters.GroupBy(entry => HeadRate is not null && head.Contains(entry.Key), entry => entry.Value)
            .Select(group => new ParameterGroup([.. group]) { Rate = group.Key ? HeadRate : null });

    private static OptimiserSpec Sgd(SpecMap map)
    {
        (double rate, double decay, double momentum, bool nesterov) = (s_rate.Read(map), s_decay.Read(map), s_momentum.Read(map), s_nesterov.Read(map));
        return nesterov && momentum == 0
            ? throw map.Error(s_nesterov.Key, "'nesterov' looks ahead by the momentum; give a 'momentum' above 0.")
            : new OptimiserSpec(rate, s_headRate.ReadOptional(map), groups => optim.SGD(
                Options(groups, rate, decay).Select(group => new SGD.ParamGroup(
                    group.Parameters, group.Rate, momentum, weight_decay: group.Decay, nesterov: nesterov)),
                rate));
    }

    private static NamedBlock<OptimiserSpec> Adaptive(Func<IEnumerable<GroupOptions>, double, double, OptimizerHelper> create)
        => new([s_rate, s_headRate, s_decay, s_beta1, s_beta2], map =>
        {
            (double rate, double decay, double beta1, double beta2) = (s_rate.Read(map), s_decay.Read(map), s_beta1.Read(map), s_beta2.Read(map));
            return new OptimiserSpec(rate, s_headRate.ReadOptional(map), groups => create(Options(groups, rate, decay), beta1, beta2)) { IsAdaptive = true };
        });

    private static IEnumerable<GroupOptions> Options(IEnumerable<ParameterGroup> groups, double rate, double decay)
        => groups.Select(group => new GroupOptions(group.Parameters, group.Rate ?? rate, group.Decays ? decay : 0));

    private sealed record GroupOptions(IReadOnlyList<Parameter> Parameters, double Rate, double Decay);
}
