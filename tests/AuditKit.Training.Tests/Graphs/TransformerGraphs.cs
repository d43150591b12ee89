using AuditKit.Models.Onnx;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>
/// Small classifiers built as PyTorch exports vision transformers and ConvNeXt, node by node, with random weights:
/// 3×16×16 images, 5 classes.
/// </summary>
internal static class TransformerGraphs
{
    private const int Width = 24;
    private const int Heads = 3;
    private const int Classes = 5;

    /// <summary>Every way of writing them, by name.</summary>
    public static IReadOnlyDictionary<string, Func<Graph>> All { get; } = new Dictionary<string, Func<Graph>>
    {
        // torch.onnx.export below opset 17: layer norm, GELU and the class token's shape all spelt out.
        ["ViT, opset 13, decomposed"] = () => VisionTransformer(13, Attention.Split),
        ["ViT, opset 17, one matrix for query, key and value"] = () => VisionTransformer(17, Attention.Packed),
        ["ViT, opset 17, scaled dot product of three matrices"] = () => VisionTransformer(17, Attention.Scaled),
        ["ViT, opset 20, attention by einsum"] = () => VisionTransformer(20, Attention.Einsum),
        ["ConvNeXt, opset 13, decomposed"] = () => ConvNext(13),
        ["ConvNeXt, opset 17"] = () => ConvNext(17),
        ["ConvNeXt, opset 20"] = () => ConvNext(20),
    };

    private enum Attention
    {
        Split,
        Packed,
        Scaled,
        Einsum,
    }

    private static Graph VisionTransformer(int opset, Attention attention)
    {
        var b = new Builder(opset);
        // Patches of 4×4: N×24×4×4, then N×16×24.
        string x = b.Add("Conv", [b.Input(), b.Weight(Width, 3, 4, 4), b.Weight(Width)], ("kernel_shape", Builder.Ints(4, 4)), ("strides", Builder.Ints(4, 4)));
        x = b.Add("Transpose", [b.Add("Reshape", [x, b.Longs(0, Width, 16)])], ("perm", Builder.Ints(0, 2, 1)));
        x = b.Add("Concat", [ClassToken(b), x], ("axis", 1L));
        x = b.Add("Add", [x, b.Weight(1, 17, Width)]);
        for (int block = 0; block < 2; block++)
        {
            x = b.Add("Add", [x, SelfAttention(b, b.LayerNorm(x, Width), attention)]);
            string h = b.Gelu(b.Linear(b.LayerNorm(x, Width), Width, 2 * Width));
            x = b.Add("Add", [x, b.Linear(h, 2 * Width, Width)]);
        }

        // The class token is taken out by its index.
        string token = b.Add("Gather", [b.LayerNorm(x, Width), b.Scalar(0)], ("axis", 1L));
        return b.Classify(token, Width);
    }

    /// <summary>One token, repeated for every image: its target shape is computed from the batch.</summary>
    private static string ClassToken(Builder b)
    {
        string batch = b.Add("Gather", [b.Add("Shape", [b.Input()]), b.Scalar(0)], ("axis", 0L));
        string one = b.Add("Unsqueeze", [batch, b.Longs(0)]);
        string shape = b.Add("Concat", [one, b.Longs(-1), b.Longs(-1)], ("axis", 0L));
        // −1 keeps a dimension in PyTorch's expand; its exporter replaces it by 1 with Equal and Where.
        string ones = b.Add("ConstantOfShape", [b.Longs(3)], ("value", TensorValue.Of([1L], 1)));
        string isKept = b.Add("Equal", [shape, b.Add("Mul", [ones, b.Longs(-1)])]);
        return b.Add("Expand", [b.Weight(1, 1, Width), b.Add("Where", [isKept, ones, shape])]);
    }

    private static string SelfAttention(Builder b, string x, Attention kind)
    {
        const int Depth = Width / Heads;
        float scale = 1 / MathF.Sqrt(Depth);
        (string q, string k, string v) = kind switch
        {
            Attention.Packed => Packed(),
            Attention.Split => ThreeParts(),
            _ => (HeadsOf(b.Linear(x, Width, Width)), HeadsOf(b.Linear(x, Width, Width)), HeadsOf(b.Linear(x, Width, Width))),
        };
        string weights = kind switch
        {
            Attention.Einsum => b.Add("Mul", [b.Add("Einsum", [q, k], ("equation", "b h i d, b h j d -> b h i j")), b.Float(scale)]),
            // scaled_dot_product_attention: the root of the scale on either side.
            Attention.Scaled => b.Add("MatMul",
                [b.Add("Mul", [q, b.Float(MathF.Sqrt(scale))]), b.Add("Mul", [Transposed(k), b.Float(MathF.Sqrt(scale))])]),
            _ => b.Add("Div", [b.Add("MatMul", [q, Transposed(k)]), b.Add("Sqrt", [b.Float(Depth)])]),
        };
        weights = b.Add("Softmax", [weights], ("axis", -1L));
        string mixed = kind == Attention.Einsum
            ? b.Add("Einsum", [weights, v], ("equation", "bhij,bhjd->bhid"))
            : b.Add("MatMul", [weights, v]);
        string joined = b.Add("Reshape", [b.Add("Transpose", [mixed], ("perm", Builder.Ints(0, 2, 1, 3))), b.Longs(0, 0, Width)]);
        return b.Linear(joined, Width, Width);

        // timm: one product, N×T×3×H×D, the parts gathered from the front after a transposition.
        (string, string, string) Packed()
        {
            string all = b.Add("Reshape", [b.Linear(x, Width, 3 * Width), b.Longs(0, 17, 3, Heads, Depth)]);
            all = b.Add("Transpose", [all], ("perm", Builder.Ints(2, 0, 3, 1, 4)));
            return (Part(0), Part(1), Part(2));

            string Part(int i) => b.Add("Gather", [all, b.Scalar(i)], ("axis", 0L));
        }

        // torch.nn.MultiheadAttention: one product, cut into three along the last axis.
        (string, string, string) ThreeParts()
        {
            string[] parts = b.Split(b.Linear(x, Width, 3 * Width), axis: 2, Width, Width, Width);
            return (HeadsOf(parts[0]), HeadsOf(parts[1]), HeadsOf(parts[2]));
        }

        string HeadsOf(string value) => b.Add("Transpose", [b.Add("Reshape", [value, b.Longs(0, 17, Heads, Depth)])], ("perm", Builder.Ints(0, 2, 1, 3)));

        string Transposed(string value) => b.Add("Transpose", [value], ("perm", Builder.Ints(0, 1, 3, 2)));
    }

    private static Graph ConvNext(int opset)
    {
        var b = new Builder(opset);
        string x = b.Add("Conv", [b.Input(), b.Weight(Width, 3, 2, 2), b.Weight(Width)], ("strides", Builder.Ints(2, 2)));
        x = ChannelNorm(b, x, Width);
        x = Block(b, x, Width);
        x = b.Add("Conv", [ChannelNorm(b, x, Width), b.Weight(2 * Width, Width, 2, 2), b.Weight(2 * Width)], ("strides", Builder.Ints(2, 2)));
        x = Block(b, x, 2 * Width);
        string mean = opset >= 18
            ? b.Add("ReduceMean", [x, b.Longs(-1, -2)], ("keepdims", 1L))
            : b.Add("ReduceMean", [x], ("axes", Builder.Ints(-1, -2)), ("keepdims", 1L));
        return b.Classify(b.Add("Flatten", [ChannelNorm(b, mean, 2 * Width)], ("axis", 1L)), 2 * Width);
    }

    /// <summary>Depthwise 7×7, normalised over the channels put last, two linear layers with GELU, a scale for each channel.</summary>
    private static string Block(Builder b, string x, int width)
    {
        string h = b.Add("Conv", [x, b.Weight(width, 1, 7, 7), b.Weight(width)], ("group", (long)width), ("pads", Builder.Ints(3, 3, 3, 3)));
        h = b.Add("Transpose", [h], ("perm", Builder.Ints(0, 2, 3, 1)));
        h = b.Linear(b.Gelu(b.Linear(b.LayerNorm(h, width), width, 4 * width)), 4 * width, width);
        h = b.Add("Mul", [b.Weight(width), h]);
        return b.Add("Add", [x, b.Add("Transpose", [h], ("perm", Builder.Ints(0, 3, 1, 2)))]);
    }

    private static string ChannelNorm(Builder b, string x, int width)
        => b.Add("Transpose", [b.LayerNorm(b.Add("Transpose", [x], ("perm", Builder.Ints(0, 2, 3, 1))), width)], ("perm", Builder.Ints(0, 3, 1, 2)));

    /// <summary>Nodes and weights with names given by their number.</summary>
    private sealed class Builder(int opset)
    {
        private readonly Graph _graph = new("export", opset);
        private int _next;

        public static AttributeValue Ints(params long[] values) => values;

        public string Input()
        {
            if (_graph.Inputs.Count == 0)
            {
                _graph.Input("pixels", "batch", 3, 16, 16);
            }

            return "pixels";
        }

        public string Add(string type, string[] inputs, params (string Name, AttributeValue Value)[] attributes)
            => _graph.Add(type, inputs, $"v{_next++}", attributes);

        public string Weight(params long[] shape)
        {
            var random = CounterRandom.For(_next, "weight", _graph.Initializers.Count);
            int count = (int)shape.Aggregate((a, b) => a * b);
            double deviation = shape.Length == 1 ? 0.5 : 1 / Math.Sqrt((double)count / shape[^1]);
            float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * random.NextNormal()))];
            return _graph.Initializer($"w{_next++}", TensorValue.Of(values, shape));
        }

        public string Longs(params long[] values) => _graph.Initializer($"w{_next++}", TensorValue.Of(values, values.Length));

        public string Scalar(long value) => _graph.Initializer($"w{_next++}", TensorValue.Of([value]));

        public string Float(float value) => _graph.Initializer($"w{_next++}", TensorValue.Of([value]));

        public string[] Split(string x, int axis, params long[] sizes)
        {
            string[] parts = [.. sizes.Select(_ => $"v{_next++}")];
            var node = new Node("Split", [x, Longs(sizes)], parts);
            node.Attributes["axis"] = axis;
            _graph.Nodes.Add(node);
            return parts;
        }

        public string Linear(string x, int from, int to) => Add("Add", [Weight(to), Add("MatMul", [x, Weight(from, to)])]);

        public string LayerNorm(string x, int width)
        {
            if (opset >= 17)
            {
                return Add("LayerNormalization", [x, Weight(width), Weight(width)], ("axis", -1L), ("epsilon", 1e-6f));
            }

            string centred = Add("Sub", [x, Add("ReduceMean", [x], ("axes", Ints(-1)))]);
            string variance = Add("ReduceMean", [Add("Pow", [centred, Float(2)])], ("axes", Ints(-1)));
            string normal = Add("Div", [centred, Add("Sqrt", [Add("Add", [variance, Float(1e-6f)])])]);
            return Add("Add", [Add("Mul", [normal, Weight(width)]), Weight(width)]);
        }

        public string Gelu(string x)
        {
            if (opset >= 20)
            {
                return Add("Gelu", [x]);
            }

            string erf = Add("Erf", [Add("Div", [x, Float(MathF.Sqrt(2))])]);
            return Add("Mul", [Add("Mul", [x, Add("Add", [erf, Float(1)])]), Float(0.5f)]);
        }

        public Graph Classify(string x, int width)
        {
            _graph.Output(_graph.Add("Gemm", [x, Weight(Classes, width), Weight(Classes)], "logits", ("transB", 1L)), "batch", Classes);
            return _graph;
        }
    }
}
