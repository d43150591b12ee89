using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>
/// Follows channels through a graph, from the layers that make them to those that take them, and what is constant of them. Where a
/// node is not understood, the channels that it takes have to stay, and nothing is known of what it gives.
/// </summary>
internal sealed class ChannelFlow
{
    private readonly Graph _graph;
    private readonly IReadOnlyDictionary<string, long[]> _shapes;
    private readonly Dictionary<string, int> _uses;
    private readonly Dictionary<string, ChannelValue> _values = new(StringComparer.Ordinal);

    /// <summary>Follows the channels of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">The dimensions, the batch's left out, of the values that are flattened.</param>
    public ChannelFlow(Graph graph, IReadOnlyDictionary<string, long[]> shapes)
    {
        (_graph, _shapes) = (graph, shapes);
        _uses = graph.Nodes.SelectMany(ValueGivers.Used).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            if (Follow(node) is { } followed)
            {
                Nodes.Add(node, followed);
                continue;
            }

            Keep(ValueGivers.Used(node));
        }

        Keep(graph.Outputs.Select(output => output.Name));
    }

    /// <summary>The channels.</summary>
    public ChannelSets Sets { get; } = new();

    /// <summary>The nodes that can do with fewer channels.</summary>
    public Dictionary<Node, ChannelNode> Nodes { get; } = [];

    /// <summary>Every value whose channels are known.</summary>
    public IEnumerable<ChannelValue> Values => _values.Values;

    /// <summary>The values that <see cref="ChannelFlow(Graph, IReadOnlyDictionary{string, long[]})"/> has to know the dimensions of.</summary>
    public static IReadOnlyCollection<string> Flattened(Graph graph)
    {
        HashSet<string> given = [.. graph.Nodes.SelectMany(node => node.Outputs)];
        return
        [
            .. graph.Nodes.Where(node => node is { Type: "Flatten" or "Reshape", Domain: "" }).Select(node => node.Inputs[0]).Where(given.Contains).Distinct(),
        ];
    }

    private ChannelNode? Follow(Node node)
    {
        ChannelValue? input = Value(node.Inputs.ElementAtOrDefault(0));
        if (LinearShape.Of(node, input, Constant) is { } shape)
        {
            var layer = new LinearNode(node, input, shape, _graph.Initializers, Sets);
            _values[node.Outputs[0]] = layer.Output;
            return layer;
        }

        return node switch
        {
            { Domain.Length: > 0 } => null,
            { Type: "Add" or "Sub" or "Mul" or "Div" or "Max" or "Min" or "Sum" } => Elementwise(node),
            { Type: "Concat" } => Concat(node),
            _ when input is null => null,
            { Type: "BatchNormalization" } => BatchNorm(node, input),
            { Type: "Flatten" or "Reshape" } => Flatten(node, input),
            { Type: "Pad" } => Pad(node, input),
            _ when Pointwise.Is(node) => Give(node, input.With((value, _) => Pointwise.Of(node, value))),
            _ => null,
        };
    }

    private ChannelwiseNode Give(Node node, ChannelValue value, params IReadOnlyList<string> parameters)
    {
        _values[node.Outputs[0]] = value;
        return new ChannelwiseNode(node, value, parameters);
    }

    private ChannelwiseNode? BatchNorm(Node node, ChannelValue value)
    {
        double[]?[] parameters = [.. node.Inputs.Skip(1).Take(4).Select(name => Constant(name)?.Numbers())];
        if (value.Repeat > 1 || parameters.Any(numbers => numbers?.Length != value.Count) || node.Outputs.Skip(1).Any(name => name.Length > 0))
        {
            return null;
        }

        (double[] scale, double[] shift, double[] mean, double[] variance) = (parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!);
        double epsilon = node.Attribute("epsilon", 1e-5f);
        ChannelValue result = value.With((constant, i) => ((constant - mean[i]) / Math.Sqrt(variance[i] + epsilon) * scale[i]) + shift[i]);
        // What is multiplied by 0 is the shift, whatever it was.
        return Give(node, result with { Constants = [.. result.Constants.Select((constant, i) => scale[i] == 0 ? shift[i] : constant)] },
            [.. node.Inputs.Skip(1).Take(4)]);
    }

    /// <summary>Values of the same channels, or one value and a constant that has a number for each channel, or one for all.</summary>
    private ChannelwiseNode? Elementwise(Node node)
    {
        ChannelValue?[] values = [.. node.Inputs.Select(Value)];
        ChannelValue? first = values.OfType<ChannelValue>().FirstOrDefault();
        double[]?[] constants = [.. node.Inputs.Select((name, i) => values[i] is null && first is not null ? Broadcast(name, first) : null)];
        if (first is null || values.Zip(constants).Any(pair => pair is (null, null))
            || values.OfType<ChannelValue>().Any(value => (value.Count, value.Rank, value.Repeat) != (first.Count, first.Rank, first.Repeat)))
        {
            return null;
        }

        foreach (ChannelValue other in values.OfType<ChannelValue>().Skip(1))
        {
            foreach ((int one, int same) in first.Channels.Zip(other.Channels))
            {
                Sets.Join(one, same);
            }
        }

        double?[] results =
        [
            .. Enumerable.Range(0, first.Count).Select(i => Combined(node.Type, [.. values.Select((value, k) => Operand(value, constants[k], i))])),
        ];
        return Give(node, first with { Constants = results }, [.. node.Inputs.Where((_, k) => constants[k]?.Length > 1)]);

        double? Operand(ChannelValue? value, double[]? constant, int channel) => value is not null ? value.Constants[channel]
            : constant!.Length == 1 ? constant[0]
            // Places of a flattened channel may get different numbers.
            : constant.Skip(channel * first.Repeat).Take(first.Repeat).Distinct().Count() == 1 ? constant[channel * first.Repeat] : null;
    }

    private static double? Combined(string type, double?[] operands) => type switch
    {
        "Mul" when operands.Contains(0) => 0,
        _ when operands.Any(operand => operand is null) => null,
        "Sub" => operands[0] - operands[1],
        "Mul" => operands[0] * operands[1],
        "Div" => operands[1] == 0 ? null : operands[0] / operands[1],
        "Max" => operands.Max(),
        "Min" => operands.Min(),
        _ => operands.Sum(),
    };

    private ConcatNode? Concat(Node node)
    {
        ChannelValue?[] values = [.. node.Inputs.Select(Value)];
        if (node.Attribute("axis", 0L) != 1 || values.Any(value => value is null)
            || values.Any(value => (value!.Rank, value.Repeat) != (values[0]!.Rank, values[0]!.Repeat)))
        {
            return null;
        }

        _values[node.Outputs[0]] = values[0]! with
        {
            Channels = [.. values.SelectMany(value => value!.Channels)],
            Constants = [.. values.SelectMany(value => value!.Constants)],
        };
        return new ConcatNode(node);
    }

    private ChannelNode? Flatten(Node node, ChannelValue value)
    {
        bool isReshape = node.Type == "Reshape";
        TensorValue? shape = isReshape ? Constant(node.Inputs[1], shared: true) : null;
        bool flattens = isReshape ? shape is { Type: ElementType.Int64, Count: 2 }
            : node.Attribute("axis", 1L) == 1;
        if (!flattens || value.Repeat > 1 || !_shapes.TryGetValue(node.Inputs[0], out long[]? dimensions)
            || dimensions.Length != value.Rank - 1 || dimensions[0] != value.Count)
        {
            return null;
        }

        long places = dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
        ChannelValue flat = value with { Rank = 2, Repeat = (int)places };
        long length = isReshape ? shape!.As<long>()[1] : -1;
        if (length == -1)
        {
            return Give(node, flat);
        }

        if (length != places * value.Count || Constant(node.Inputs[1]) is null)
        {
            return null;
        }

        _values[node.Outputs[0]] = flat;
        return new ReshapedNode(node, flat);
    }

    private PaddedNode? Pad(Node node, ChannelValue value)
    {
        bool isZero = node.Attribute("mode", "constant") == "constant"
            && node.Inputs.Skip(2).All(name => name.Length == 0 || Constant(name, shared: true)?.Numbers() is [0]);
        if (!isZero || value.Repeat > 1 || Constant(node.Inputs.ElementAtOrDefault(1) ?? "") is not { Type: ElementType.Int64 } constant
            || constant.Count != 2 * value.Rank)
        {
            return null;
        }

        long[] pads = constant.As<long>().ToArray();
        if (pads.Any(pad => pad < 0) || pads[0] + pads[value.Rank] > 0)
        {
            return null;
        }

        int[] before = Sets.Add((int)pads[1]), after = Sets.Add((int)pads[value.Rank + 1]);
        bool hasBorder = pads.Where((_, i) => i % value.Rank > 1).Any(pad => pad > 0);
        _values[node.Outputs[0]] = value with
        {
            Channels = [.. before, .. value.Channels, .. after],
            Constants =
            [
                .. before.Select(_ => (double?)0),
                .. value.Constants.Select(held => hasBorder && held != 0 ? null : held),
                .. after.Select(_ => (double?)0),
            ],
        };
        return new PaddedNode(node, before, after);
    }

    private ChannelValue? Value(string? name) => name is null ? null : _values.GetValueOrDefault(name);

    /// <summary>An initialiser that one node uses, and no output is; null where a value is none.</summary>
    private TensorValue? Constant(string name) => Constant(name, shared: false);

    private TensorValue? Constant(string name, bool shared)
        => _graph.Initializers.TryGetValue(name, out TensorValue? tensor) && (shared || (_uses.GetValueOrDefault(name) == 1
            && !_graph.Outputs.Exists(output => output.Name == name))) ? tensor : null;

    /// <summary>A constant's number for each channel (and place of a flattened one), or for all; null where it has others.</summary>
    private double[]? Broadcast(string name, ChannelValue value)
    {
        if (Constant(name, shared: true)?.Numbers() is not { } numbers)
        {
            return null;
        }

        long[] dimensions = _graph.Initializers[name].Dimensions.ToArray();
        // The channels' dimension, counted from the back, where broadcasting begins.
        int fromBack = value.Rank - 1;
        return numbers.Length == 1 ? numbers
            : numbers.Length == value.Count * value.Repeat && dimensions.Length >= fromBack && dimensions[^fromBack] == numbers.Length
                && dimensions.Length <= value.Rank && Constant(name) is not null ? numbers : null;
    }

    private void Keep(IEnumerable<string> names)
    {
        foreach (int channel in names.Select(Value).OfType<ChannelValue>().SelectMany(value => value.Channels))
        {
            Sets.Keep(channel);
        }
    }
}
