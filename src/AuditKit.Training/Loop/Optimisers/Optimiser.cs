using AuditKit.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop.Optimisers;

/// <summary>
/// Turns gradients into steps. TorchSharp's own optimisers keep their state to themselves; these give it out, so
/// that a training run can be killed and go on with the same result.
/// </summary>
public abstract class Optimiser : IDisposable
{
    /// <summary>An optimiser of the parameters given.</summary>
    /// <param name="parameters">Parameters in a fixed order; one without a gradient is left as it is.</param>
    protected Optimiser(IReadOnlyList<Parameter> parameters) => Parameters = parameters;

    /// <summary>The parameters that are stepped.</summary>
    protected IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The state that a checkpoint must hold beside the parameters and <see cref="Steps"/>, in a fixed order.</summary>
    public abstract IReadOnlyList<Tensor> State { get; }

    /// <summary>Steps made; a checkpoint sets it again.</summary>
    public long Steps { get; set; }

    /// <summary>Reads the <c>optimiser:</c> block: sgd, adam or adamw.</summary>
    /// <returns>A factory over the parameters, and the base learning rate.</returns>
    /// <exception cref="AuditException">An unknown optimiser or key, or a value out of range.</exception>
    public static (Func<IReadOnlyList<Parameter>, Optimiser> Create, double Rate) Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double rate = map.Number("rate", null, 0, 100);
        double decay = map.Number("weight-decay", 0, 0, 100);
        var kinds = new Dictionary<string, Func<Func<IReadOnlyList<Parameter>, Optimiser>>>
        {
            ["sgd"] = () =>
            {
                double momentum = map.Number("momentum", 0, 0, 0.9999);
                bool nesterov = map.Flag("nesterov", false);
                return parameters => new Sgd(parameters, momentum, nesterov, decay);
            },
            ["adam"] = () => Adam(decoupled: false),
            ["adamw"] = () => Adam(decoupled: true),
        };
        Func<IReadOnlyList<Parameter>, Optimiser> create = map.Choice("name", kinds, kinds["sgd"])();
        map.Finish();
        return (create, rate);

        Func<IReadOnlyList<Parameter>, Optimiser> Adam(bool decoupled)
        {
            double beta1 = map.Number("beta1", 0.9, 0, 0.99999);
            double beta2 = map.Number("beta2", 0.999, 0, 0.99999);
            return parameters => new Adam(parameters, beta1, beta2, decay, decoupled);
        }
    }

    /// <summary>One step along the gradients.</summary>
    /// <param name="rate">The learning rate.</param>
    public void Step(double rate)
    {
        Steps++;
        using (no_grad())
        using (NewDisposeScope())
        {
            for (int i = 0; i < Parameters.Count; i++)
            {
                if (Parameters[i].grad is { } gradient)
                {
                    Update(i, Parameters[i], gradient, rate);
                }
            }
        }
    }

    /// <summary>Forgets the gradients of the last step.</summary>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in State)
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Steps one parameter, in place.</summary>
    /// <param name="index">Its index among <see cref="Parameters"/>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, which may be changed.</param>
    /// <param name="rate">The learning rate.</param>
    protected abstract void Update(int index, Tensor parameter, Tensor gradient, double rate);

    /// <summary>Zeros like every parameter, alive until the optimiser is disposed.</summary>
    protected IReadOnlyList<Tensor> Zeros()
        => [.. Parameters.Select(parameter =>
        {
            using (no_grad())
            {
                return zeros_like(parameter).DetachFromDisposeScope();
            }
        })];
}
