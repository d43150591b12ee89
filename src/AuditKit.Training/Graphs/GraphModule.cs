using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using AuditKit.Training.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>Runs a node instead of its operator while training; null leaves it to the operator.</summary>
/// <param name="node">The node.</param>
/// <param name="inputs">The values of its inputs; null for an optional one left out.</param>
/// <param name="run">The node's operator, which gives its first output of any inputs.</param>
/// <returns>The node's first output, or null.</returns>
public delegate Tensor? NodeHook(Node node, IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, Tensor> run);

/// <summary>
/// An ONNX graph that libtorch runs operator by operator, with gradients: the user's own model, made trainable. What
/// training changes is written back into the same graph.
/// </summary>
/// <remarks>Called from one thread at a time.</remarks>
public sealed partial class GraphModule : IDisposable
{
    /// <summary>The newest version of ONNX's operators that can be run here.</summary>
    public const int NewestOpset = 20;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<Step> _steps = [];
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _buffers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _frozen = new(StringComparer.Ordinal);

    /// <summary>Parameters, buffers and constants by their place in the table of values; null for values that a run computes.</summary>
    private readonly Tensor?[] _known;

    /// <summary>Makes a graph ready to run.</summary>
    /// <param name="graph">The model, which is not changed before <see cref="WriteBack"/>.</param>
    /// <param name="device">Where parameters live and operators run; null for the CPU.</param>
    /// <exception cref="AuditException">
    /// The opset is newer than <see cref="NewestOpset"/>, an operator or type is not supported, or the graph is
    /// inconsistent: a value that nothing gives, or that two nodes give.
    /// </exception>
    public GraphModule(Graph graph, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        LibtorchEngine.Start();
        (Graph, Device) = (graph, device ?? torch.CPU);
        if (graph.Opset > NewestOpset)
        {
            throw new AuditException(
                $"{graph.Source}: opset {graph.Opset} is newer than {NewestOpset}, the newest that can be trained. "
                + $"Export the model with opset_version={NewestOpset}.");
        }

        foreach (string name in graph.Initializers.Keys.Concat(graph.RequiredInputs.Select(input => input.Name)))
        {
            Claim(name);
        }

        foreach (Node node in graph.Nodes)
        {
            _steps.Add(new Step(
                graph,
                node,
                OperatorTable.Find(graph, node),
                [.. node.Inputs.Select(name => name.Length == 0 ? -1 : Find(name))],
                [.. node.Outputs.Select(name => name.Length == 0 ? -1 : Claim(name))]));
        }

        _known = new Tensor?[_places.Count];
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradients = torch.no_grad();
        var selection = ParameterSelection.Of(graph);
        Load(selection);
        Fold(selection);
        FoldShapes(selection);
    }

    /// <summary>The model.</summary>
    public Graph Graph { get; }

    /// <summary>Where parameters live and operators run.</summary>
    public Device Device { get; }

    /// <summary>
    /// What gradients train, by initialiser name: the floating point initialisers but for running statistics, settings
    /// of an operator, scalars, a built-in normalisation of the input, and what is <see cref="Frozen"/>. They live as long as this module.
    /// </summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => _parameters;

    /// <summary>Running means and variances that are not <see cref="Frozen"/>, by initialiser name: updated in place while <see cref="Training"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Buffers => _buffers;

    /// <summary>Parameters, running means and variances of frozen nodes, by initialiser name, which training leaves as they are.</summary>
    public IReadOnlyDictionary<string, Tensor> Frozen => _frozen;

    /// <summary>
    /// Whether batch norm uses the batch's statistics (and updates the running ones) and dropout drops. Off at first.
    /// </summary>
    public bool Training { get; set; }

    /// <summary>
    /// What convolutions and matrix products compute in while <see cref="Training"/>: float32, or bfloat16, which
    /// processors with AMX and GPUs multiply several times faster. Weights stay float32, values asked for come as float32.
    /// </summary>
    public ScalarType Precision { get; set; } = ScalarType.Float32;

    /// <summary>What may run a node instead of its operator, while <see cref="Training"/>.</summary>
    public NodeHook? Hook { get; set; }

    /// <summary>The nodes that a run executes: those whose outputs are not constant.</summary>
    public IEnumerable<Node> Nodes => _steps.Select(step => step.Node);

    /// <summary>The value that <see cref="Forward"/> gives: the first output, or the logits before an output that is a softmax.</summary>
    public string Result
    {
        get => field ?? Graph.Outputs[0].Name;
        init;
    }

    /// <summary>Runs the model on one batch.</summary>
    /// <param name="input">N×C×H×W on <see cref="Device"/>, as the model takes it: normalised unless it does so itself.</param>
    /// <returns>The value named <see cref="Result"/>, such as N×K logits.</returns>
    /// <exception cref="AuditException">An operator cannot be run on these values.</exception>
    public Tensor Forward(Tensor input) => Run(input, Result)[0];

    /// <summary>Runs the model on one batch, as far as the values asked for need it.</summary>
    /// <param name="input">N×C×H×W on <see cref="Device"/>.</param>
    /// <param name="wanted">Names of values: outputs, or taps in the middle.</param>
    /// <returns>The values, in the order asked for.</returns>
    /// <exception cref="AuditException">There is no such value, or an operator cannot be run on these values.</exception>
    public Tensor[] Run(Tensor input, params IReadOnlyList<string> wanted)
    {
        GraphValue[] inputs = [.. Graph.RequiredInputs];
        return inputs.Length == 1
            ? Run(new Dictionary<string, Tensor> { [inputs[0].Name] = input }, wanted)
            : throw new AuditException($"{Graph.Source}: the model takes {inputs.Length} inputs instead of one batch of images.");
    }

    /// <summary>Runs the model, as far as the values asked for need it.</summary>
    /// <param name="inputs">
    /// The graph's required inputs by name; or values in the middle, which are then taken as given, so that only what comes behind is run.
    /// </param>
    /// <param name="wanted">Names of values: outputs, or taps in the middle.</param>
    /// <returns>The values, in the order asked for. They belong to the caller's dispose scope.</returns>
    /// <exception cref="AuditException">
    /// An input is missing, there is no such value, or an operator cannot be run on these values.
    /// </exception>
    public Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs, params IReadOnlyList<string> wanted)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using DisposeScope scope = torch.NewDisposeScope();
        ScalarType precision = Training ? Precision : ScalarType.Float32;
        Tensor?[] values = [.. _known];
        var isGiven = new bool[values.Length];
        foreach ((string name, Tensor value) in inputs)
        {
            values[Find(name)] = precision == ScalarType.Float32 ? value : ChannelsLast(value);
            isGiven[_places[name]] = true;
        }

        int[] results = [.. wanted.Select(Find)];
        int[] lastUses = LastUses(results, isGiven);
        if (Missing(lastUses, isGiven) is { } missing)
        {
            throw new AuditException($"{Graph.Source}: the model's input '{missing.Name}' is missing.");
        }

        var isOurs = new bool[values.Length];
        for (int i = 0; i < _steps.Count; i++)
        {
            Step step = _steps[i];
            if (!step.GivesAny(place => lastUses[place] >= 0 && !isGiven[place]))
            {
                continue;
            }

            bool trains = Training && !step.IsFrozen;
            step.Run(values, trains, trains ? Hook : null, precision);
            foreach (int place in step.Outputs.Where(place => place >= 0))
            {
                isOurs[place] = true;
                FreeIfDone(place);
            }

            foreach (int place in step.Inputs.Where(place => place >= 0))
            {
                FreeIfDone(place);
            }

            // libtorch keeps what the backward pass needs alive by itself.
            void FreeIfDone(int place)
            {
                if (isOurs[place] && lastUses[place] <= i)
                {
                    values[place]?.Dispose();
                    values[place] = null;
                }
            }
        }

        // A value that is asked for twice, or that a caller or this module owns, is returned as an alias of it.
        return Array.ConvertAll(results, place =>
        {
            Tensor value = values[place]!;
            Tensor given = precision != ScalarType.Float32 && value.dtype == precision ? value.to(ScalarType.Float32)
                : isOurs[place] ? value
                : value.alias();
            isOurs[place] = false;
            return given.MoveToOuterDisposeScope();
        });
    }

    /// <summary>The shapes of values for images of zeros, in evaluation mode: shapes in the file may be dynamic.</summary>
    /// <param name="input">The images' shape.</param>
    /// <param name="batch">How many images: the only number that the graph takes, or 1.</param>
    /// <param name="names">The values' names.</param>
    /// <exception cref="AuditException">There is no such value, or an operator cannot be run.</exception>
    public IReadOnlyList<long[]> Shapes(InputShape input, int batch, params IReadOnlyList<string> names)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable gradients = torch.no_grad();
        bool trains = Training;
        Training = false;
        try
        {
            (int channels, int height, int width) = input;
            return [.. Run(torch.zeros(batch, channels, height, width, device: Device), names).Select(value => value.shape)];
        }
        finally
        {
            Training = trains;
        }
    }

    /// <summary>Whether values can be run from one in the middle, without the graph's inputs.</summary>
    /// <param name="given">The name of the value in the middle.</param>
    /// <param name="wanted">Names of values.</param>
    /// <exception cref="AuditException">There is no such value.</exception>
    public bool Suffices(string given, IReadOnlyList<string> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var isGiven = new bool[_known.Length];
        isGiven[Find(given)] = true;
        return Missing(LastUses([.. wanted.Select(Find)], isGiven), isGiven) is null;
    }

    /// <summary>Writes parameters and running statistics into the graph's initialisers.</summary>
    public void WriteBack()
    {
        foreach ((string name, Parameter value) in _parameters)
        {
            Graph.Initializers[name] = value.ToValue();
        }

        foreach ((string name, Tensor value) in _buffers)
        {
            Graph.Initializers[name] = value.ToValue();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? known in _known)
        {
            known?.Dispose();
        }
    }

    // The layout that oneDNN and cuDNN convolve bfloat16 in; what is computed from it keeps it.
    private static Tensor ChannelsLast(Tensor value) => value.ndim == 4 ? value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : value;

    private int Claim(string name) =>
        _places.TryAdd(name, _places.Count)
            ? _places.Count - 1
            : throw new AuditException($"{Graph.Source}: the value '{name}' is given twice. Export the model again.");

    private int Find(string name) =>
        _places.TryGetValue(name, out int place)
            ? place
            : throw new AuditException($"{Graph.Source}: nothing gives the value '{name}' before it is used or asked for.");

    // An input that is needed and not given.
    private GraphValue? Missing(int[] lastUses, bool[] isGiven)
        => Graph.RequiredInputs.FirstOrDefault(input => !isGiven[_places[input.Name]] && lastUses[_places[input.Name]] >= 0);

    /// <summary>The last step that needs each value; −1 for a value that nobody needs, the maximum for a result.</summary>
    private int[] LastUses(int[] results, bool[] isGiven)
    {
        var lastUses = new int[_known.Length];
        Array.Fill(lastUses, -1);
        foreach (int place in results)
        {
            lastUses[place] = int.MaxValue;
        }

        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            if (_steps[i].GivesAny(place => lastUses[place] >= 0 && !isGiven[place]))
            {
                foreach (int place in _steps[i].Inputs.Where(place => place >= 0))
                {
                    lastUses[place] = Math.Max(lastUses[place], i);
                }
            }
        }

        return lastUses;
    }
}
