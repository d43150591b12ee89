using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>
/// A convolution or matrix product with constant weights, from input channels to channels of its own. An input channel goes
/// where no output that stays has a weight for it, or where it holds a constant that the bias can take over. It cannot behind zero padding, where
/// windows at the border see less of the constant.
/// </summary>
internal sealed class LinearNode : ChannelNode
{
    private readonly string _weights;
    private readonly string? _bias;
    private readonly int _inputDimension;
    private readonly bool _hasBorder;
    private readonly bool _canShift;
    private readonly ChannelValue? _input;
    private readonly double[,] _sums;
    private readonly bool[,] _isUsed;

    /// <summary>The layer, and what its outputs hold.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">What it takes; null where nothing is known of it.</param>
    /// <param name="shape">Where its weights are and how they lie.</param>
    /// <param name="tensors">The graph's initialisers.</param>
    /// <param name="sets">Gets the outputs' channels.</param>
    public LinearNode(Node node, ChannelValue? input, LinearShape shape, IDictionary<string, TensorValue> tensors, ChannelSets sets)
        : base(node)
    {
        (_input, _weights, _bias, _inputDimension, _hasBorder, _canShift)
            = (input, shape.Weights, shape.Bias, shape.OutputDimension == 0 ? 1 : 0, shape.HasBorder, shape.CanShift);
        TensorValue weights = tensors[_weights];
        int outputs = (int)weights.Dimensions[shape.OutputDimension], inputs = (int)weights.Dimensions[_inputDimension] / (input?.Repeat ?? 1);
        (_sums, _isUsed) = (new double[outputs, inputs], new bool[outputs, inputs]);
        Sum(weights.Numbers()!, weights.Dimensions);
        double[] bias = _bias is null ? new double[outputs] : tensors[_bias].Numbers()!;
        Output = new ChannelValue(sets.Add(outputs), [.. Enumerable.Range(0, outputs).Select(o => Constant(o, bias[o]))], shape.Rank);
    }

    /// <summary>What the layer gives.</summary>
    public ChannelValue Output { get; }

    /// <inheritdoc/>
    public override IEnumerable<int> Needed(Func<int, bool> isGone)
    {
        int[] staying = Staying(Output, isGone);
        return _input is null ? [] : Enumerable.Range(0, _input.Count).Where(i => !CanLose(i, staying)).Select(i => _input.Channels[i]);
    }

    /// <inheritdoc/>
    public override Node Without(Func<int, bool> isGone, IDictionary<string, TensorValue> tensors)
    {
        int[] outputs = Staying(Output, isGone);
        int[] inputs = _input is null ? [] : Staying(_input, isGone);
        double[] shifts = [.. outputs.Select(o => _input is null ? 0
            : Enumerable.Range(0, _input.Count).Where(i => isGone(_input.Channels[i]) && _isUsed[o, i]).Sum(i => _input.Constants[i]!.Value * _sums[o, i]))];
        TensorValue weights = tensors[_weights].Take(1 - _inputDimension, outputs);
        tensors[_weights] = _input is null ? weights
            : weights.Take(_inputDimension, [.. inputs.SelectMany(i => Enumerable.Range(i * _input.Repeat, _input.Repeat))]);
        if (_bias is not null)
        {
            TensorValue bias = tensors[_bias].Take(tensors[_bias].Dimensions.Length - 1, outputs);
            tensors[_bias] = shifts.All(shift => shift == 0) ? bias
                : TensorValue.Of(bias.Numbers()!.Zip(shifts, (value, shift) => value + shift), bias.Type, bias.Dimensions);
            return Node;
        }

        return shifts.All(shift => shift == 0) ? Node : WithBias(TensorValue.Of(shifts, weights.Type, outputs.Length), tensors);
    }

    private Node WithBias(TensorValue bias, IDictionary<string, TensorValue> tensors)
    {
        string name = $"{_weights}.folded-bias";
        tensors.Add(name, bias);
        return Node.With([Node.Inputs[0], Node.Inputs[1], name], Node.Outputs);
    }

    private bool CanLose(int input, int[] staying)
        => (IsPlain(input) && (_canShift || IsZero(input))) || Array.TrueForAll(staying, output => !_isUsed[output, input]);

    private double? Constant(int output, double bias)
    {
        double sum = bias;
        for (int i = 0; i < _isUsed.GetLength(1); i++)
        {
            if (_isUsed[output, i])
            {
                if (!IsPlain(i))
                {
                    return null;
                }

                sum += _input!.Constants[i]!.Value * _sums[output, i];
            }
        }

        return sum;
    }

    // Whether the layer makes the same of an input everywhere.
    private bool IsPlain(int input) => _input?.Constants[input] is not null && (!_hasBorder || IsZero(input));

    private bool IsZero(int input) => _input?.Constants[input] == 0;

    private void Sum(double[] weights, ReadOnlySpan<long> dimensions)
    {
        int first = (int)dimensions[0], second = (int)dimensions[1], taps = weights.Length / (first * second), repeat = _input?.Repeat ?? 1;
        for (int i = 0; i < weights.Length; i++)
        {
            (int row, int column) = (i / taps / second, i / taps % second);
            (int output, int input) = _inputDimension == 1 ? (row, column / repeat) : (column, row / repeat);
            _sums[output, input] += weights[i];
            _isUsed[output, input] |= weights[i] != 0;
        }
    }
}
