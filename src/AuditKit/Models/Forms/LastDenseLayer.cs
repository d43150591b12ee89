using AuditKit.Models.Onnx;

namespace AuditKit.Models.Forms;

/// <summary>The fully connected layer that gives a model's logits: its input is the embedding.</summary>
/// <param name="graph">The model.</param>
/// <param name="givers">Its values' nodes.</param>
internal sealed class LastDenseLayer(Graph graph, ValueGivers givers)
{
    /// <summary>The layer's input, found back from the logits over its bias, a temperature and what only reshapes or rounds; null for none.</summary>
    /// <param name="logits">The value that holds them.</param>
    public string? Input(string logits)
    {
        int index = givers.Index(logits);
        while (index >= 0)
        {
            Node node = graph.Nodes[index];
            if (node.Type is "Gemm" or "MatMul" or "QGemm" or "QLinearMatMul" or "MatMulInteger" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul")
            {
                int giver = givers.Index(node.Inputs[0], index);
                // Integers whose scale is found image by image: the real numbers before them are at hand.
                return giver >= 0 && graph.Nodes[giver].Type == "DynamicQuantizeLinear" ? graph.Nodes[giver].Inputs[0]
                    : giver >= 0 ? node.Inputs[0] : null;
            }

            index = node.Type is "Add" or "Div" || ScoreOutput.Reshapes(node) ? node.Inputs.Max(input => givers.Index(input, index))
                : node.Type == "Mul" ? node.Inputs.Max(input => IntegerProduct(input, index))
                : -1;
        }

        return null;
    }

    /// <summary>Puts a node behind a model that makes 32-bit floats of the embedding, where it holds something else.</summary>
    /// <param name="border">The model.</param>
    /// <param name="embedding">The value.</param>
    /// <param name="trial">What a trial run gave of the values that are floating point numbers.</param>
    /// <returns>The value that holds them.</returns>
    /// <exception cref="AuditException">It holds integers, and nothing says what real numbers they stand for.</exception>
    public string Floats(GraphBorder border, string embedding, Dictionary<string, TrialValue> trial)
    {
        if (trial.TryGetValue(embedding, out TrialValue? value))
        {
            return value.Type == ElementType.Float ? embedding
                : border.Behind("Cast", [embedding], border.Fresh($"{embedding}, float32"), ("to", (long)ElementType.Float));
        }

        foreach (Node node in graph.Nodes)
        {
            if (QuantisedOperators.Data(node).FirstOrDefault(input => QuantisedOperators.Input(node, input.Value) == embedding) is { Scale: { } scale } found)
            {
                string?[] inputs = [embedding, node.Inputs[scale], QuantisedOperators.Input(node, found.ZeroPoint)];
                return border.Behind("DequantizeLinear", [.. inputs.OfType<string>()], border.Fresh($"{embedding}, float32"));
            }
        }

        throw new AuditException($"{graph.Source}: '{embedding}', which is to be the embedding, holds no floating point numbers, one row an image, and no "
            + "node says what its numbers stand for. Name another value: embedding: NAME.");
    }

    // The scale of a product of integers follows it: MatMulInteger, Cast, Mul.
    private int IntegerProduct(string value, int before)
        => givers.Index(value, before) is >= 0 and int cast && graph.Nodes[cast].Type == "Cast"
            && givers.Index(graph.Nodes[cast].Inputs[0], cast) is >= 0 and int product && graph.Nodes[product].Type == "MatMulInteger" ? product : -1;
}
