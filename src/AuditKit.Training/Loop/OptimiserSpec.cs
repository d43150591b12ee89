using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>The optimiser as a recipe asks for it: <c>{ name: sgd, rate: 0.1, momentum: 0.9, weight-decay: 5e-4 }</c>.</summary>
/// <param name="Rate">The base learning rate, which the schedule scales.</param>
/// <param name="Create">Makes the optimiser of a network's parameters.</param>
public sealed record OptimiserSpec(double Rate, Func<IEnumerable<Parameter>, OptimizerHelper> Create)
{
    private static readonly NumberKey s_rate = new("rate", "The base learning rate, which the schedule scales", null, 0, 100) { IsRequired = true };
    private static readonly NumberKey s_decay = new("weight-decay", "The weight decay", 0, 0, 100);
    private static readonly NumberKey s_momentum = new("momentum", "The momentum", 0, 0, 0.9999);
    private static readonly FlagKey s_nesterov = new("nesterov", "Whether steps look ahead by the momentum");
    private static readonly NumberKey s_beta1 = new("beta1", "The decay of the gradients' mean", 0.9, 0, 0.99999);
    private static readonly NumberKey s_beta2 = new("beta2", "The decay of their squares' mean", 0.999, 0, 0.99999);

    /// <summary>
    /// The <c>optimiser:</c> block: <c>sgd</c>, <c>adam</c> (Kingma &amp; Ba 2015) or <c>adamw</c> (Loshchilov &amp; Hutter 2019).
    /// </summary>
    public static NamedBlockKey<OptimiserSpec> Key { get; } = new(
        "optimiser",
        "The optimiser",
        new Dictionary<string, NamedBlock<OptimiserSpec>>
        {
            ["sgd"] = new([s_rate, s_decay, s_momentum, s_nesterov], Sgd),
            ["adam"] = Adaptive((parameters, rate, beta1, beta2, decay) => optim.Adam(parameters, rate, beta1, beta2, weight_decay: decay)),
            ["adamw"] = Adaptive((parameters, rate, beta1, beta2, decay) => optim.AdamW(parameters, rate, beta1, beta2, weight_decay: decay)),
        },
        "sgd")
    { IsRequired = true };

    private static OptimiserSpec Sgd(SpecMap map)
    {
        (double rate, double decay, double momentum, bool nesterov) = (s_rate.Read(map), s_decay.Read(map), s_momentum.Read(map), s_nesterov.Read(map));
        return nesterov && momentum == 0
            ? throw map.Error(s_nesterov.Key, "'nesterov' looks ahead by the momentum; give a 'momentum' above 0.")
            : new OptimiserSpec(rate, parameters => optim.SGD(parameters, rate, momentum, weight_decay: decay, nesterov: nesterov));
    }

    private static NamedBlock<OptimiserSpec> Adaptive(Func<IEnumerable<Parameter>, double, double, double, double, OptimizerHelper> create)
        => new([s_rate, s_decay, s_beta1, s_beta2], map =>
        {
            (double rate, double decay, double beta1, double beta2) = (s_rate.Read(map), s_decay.Read(map), s_beta1.Read(map), s_beta2.Read(map));
            return new OptimiserSpec(rate, parameters => create(parameters, rate, beta1, beta2, decay));
        });
}
