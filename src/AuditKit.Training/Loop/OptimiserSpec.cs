using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>The optimiser as a recipe asks for it: <c>{ name: sgd, rate: 0.1, momentum: 0.9, weight-decay: 5e-4 }</c>.</summary>
/// <param name="Rate">The base learning rate, which the schedule scales.</param>
/// <param name="Create">Makes the optimiser of a network's parameters.</param>
public sealed record OptimiserSpec(double Rate, Func<IEnumerable<Parameter>, OptimizerHelper> Create)
{
    /// <summary>
    /// Reads the <c>optimiser:</c> block: <c>sgd</c> (momentum, nesterov), <c>adam</c> (Kingma &amp; Ba 2015) or
    /// <c>adamw</c> (Loshchilov &amp; Hutter 2019), each with weight-decay.
    /// </summary>
    /// <exception cref="AuditException">An unknown optimiser or key, or a value out of range.</exception>
    public static OptimiserSpec Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double rate = map.Number("rate", null, 0, 100);
        double decay = map.Number("weight-decay", 0, 0, 100);
        var kinds = new Dictionary<string, Func<Func<IEnumerable<Parameter>, OptimizerHelper>>>
        {
            ["sgd"] = Sgd,
            ["adam"] = () =>
            {
                (double beta1, double beta2) = Betas();
                return parameters => optim.Adam(parameters, rate, beta1, beta2, weight_decay: decay);
            },
            ["adamw"] = () =>
            {
                (double beta1, double beta2) = Betas();
                return parameters => optim.AdamW(parameters, rate, beta1, beta2, weight_decay: decay);
            },
        };
        Func<IEnumerable<Parameter>, OptimizerHelper> create = map.Choice("name", kinds, Sgd)();
        map.Finish();
        return new OptimiserSpec(rate, create);

        Func<IEnumerable<Parameter>, OptimizerHelper> Sgd()
        {
            double momentum = map.Number("momentum", 0, 0, 0.9999);
            bool nesterov = map.Flag("nesterov", false);
            return nesterov && momentum == 0
                ? throw map.Error("nesterov", "'nesterov' looks ahead by the momentum; give a 'momentum' above 0.")
                : parameters => optim.SGD(parameters, rate, momentum, weight_decay: decay, nesterov: nesterov);
        }

        (double, double) Betas() => (map.Number("beta1", 0.9, 0, 0.99999), map.Number("beta2", 0.999, 0, 0.99999));
    }
}
