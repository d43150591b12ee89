using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;

namespace AuditKit.Tests.Models;

/// <summary>Damages a model in one way or a few, all of them chosen by a number.</summary>
internal static class ModelMutation
{
    private static readonly long[] s_extremes = [-1, 0, 1, -2, 7, 255, 40_000, int.MinValue, int.MaxValue, 1L << 40, long.MinValue, long.MaxValue];

    private static readonly Action<ModelProto, Random>[] s_kinds =
    [
        (model, random) => Drop(Some(model.Graph.Node, random).Input, random),
        (model, random) => Blank(Some(model.Graph.Node, random).Input, random),
        (model, random) => Blank(Some(model.Graph.Node, random).Output, random),
        (model, random) => Drop(Some(model.Graph.Node, random).Output, random),
        (model, random) => Some(model.Graph.Node, random).Output.Add($"new {random.Next()}"),
        (model, random) => Drop(Some(model.Graph.Node, random).Attribute, random),
        (model, random) => Retype(AnAttribute(model, random), random),
        (model, random) => Numbers(AnAttribute(model, random), random),
        (model, random) => Numbers(AnAttribute(model, random), random),
        (model, random) => Constant(model, random),
        (model, random) => Constant(model, random),
        (model, random) => Replace(Some(model.Graph.Initializer, random).Dims, random),
        (model, random) => Reshape(Some(model.Graph.Initializer, random)),
        (model, random) => Some(model.Graph.Initializer, random).DataType = random.Next(20),
        (model, random) => Some(model.Graph.Node, random).OpType = Some(model.Graph.Node, random).OpType,
        (model, random) => Redirect(model, random),
        (model, random) => Swap(model, random),
        (model, random) => Some(model.Graph.Input[0].Type.TensorType.Shape.Dim, random).DimValue = Extreme(random),
        (model, random) => model.OpsetImport[0].Version = random.Next(1, 26),
        (model, random) => NotFinite(model, random),
        (model, random) => model.Graph.Output[0].Name = Some(model.Graph.Node, random).Output.FirstOrDefault(""),
    ];

    /// <summary>A damaged copy of a model, as a file has it.</summary>
    public static byte[] Of(ModelProto model, int seed)
    {
        var random = new Random(seed);
        ModelProto damaged = model.Clone();
        for (int i = random.Next(3) == 0 ? 2 : 1; i > 0; i--)
        {
            s_kinds[random.Next(s_kinds.Length)](damaged, random);
        }

        byte[] bytes = damaged.ToByteArray();
        if (random.Next(10) == 0)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static T Some<T>(IList<T> things, Random random) => things[random.Next(things.Count)];

    private static long Extreme(Random random) => Some(s_extremes, random);

    private static AttributeProto AnAttribute(ModelProto model, Random random)
        => Some(model.Graph.Node.SelectMany(node => node.Attribute).ToArray(), random);

    private static void Drop<T>(IList<T> things, Random random)
    {
        if (things.Count > 0)
        {
            things.RemoveAt(random.Next(things.Count));
        }
    }

    private static void Blank(IList<string> names, Random random)
    {
        if (names.Count > 0)
        {
            names[random.Next(names.Count)] = "";
        }
    }

    private static void Replace(IList<long> numbers, Random random)
    {
        if (numbers.Count > 0)
        {
            numbers[random.Next(numbers.Count)] = Extreme(random);
        }
    }

    private static void Retype(AttributeProto attribute, Random random)
    {
        attribute.Type = (AttributeProto.Types.AttributeType)random.Next(15);
        attribute.I = Extreme(random);
        attribute.Ints.Add(attribute.I);
        attribute.Floats.Add(float.NaN);
        attribute.S = ByteString.CopyFromUtf8("x");
    }

    private static void Numbers(AttributeProto attribute, Random random)
    {
        attribute.I = Extreme(random);
        attribute.F = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => -1 };
        Replace(attribute.Ints, random);
    }

    // Sizes, repeats, axes, paddings: constants that operators compute with.
    private static void Constant(ModelProto model, Random random)
    {
        TensorProto[] whole = [.. model.Graph.Initializer.Where(tensor => tensor.DataType == 7)];
        if (whole.Length > 0)
        {
            TensorProto tensor = whole[random.Next(whole.Length)];
            byte[] data = tensor.RawData.ToByteArray();
            if (data.Length >= 8)
            {
                BitConverter.TryWriteBytes(data.AsSpan(random.Next(data.Length / 8) * 8), Extreme(random));
                tensor.RawData = ByteString.CopyFrom(data);
            }
        }
    }

    private static void Reshape(TensorProto tensor)
    {
        long[] dimensions = [.. tensor.Dims];
        tensor.Dims.Clear();
        tensor.Dims.AddRange([1, .. dimensions.Reverse()]);
    }

    private static void Redirect(ModelProto model, Random random)
    {
        NodeProto node = Some(model.Graph.Node, random);
        NodeProto other = Some(model.Graph.Node, random);
        if (node.Input.Count > 0 && other.Output.Count > 0)
        {
            node.Input[random.Next(node.Input.Count)] = other.Output[0];
        }
    }

    private static void Swap(ModelProto model, Random random)
    {
        int a = random.Next(model.Graph.Node.Count), b = random.Next(model.Graph.Node.Count);
        (model.Graph.Node[a], model.Graph.Node[b]) = (model.Graph.Node[b], model.Graph.Node[a]);
    }

    private static void NotFinite(ModelProto model, Random random)
    {
        TensorProto tensor = Some(model.Graph.Initializer, random);
        byte[] data = tensor.RawData.ToByteArray();
        if (data.Length >= 4)
        {
            BitConverter.TryWriteBytes(data.AsSpan(random.Next(data.Length / 4) * 4), random.Next(2) == 0 ? float.NaN : 3e38f);
            tensor.RawData = ByteString.CopyFrom(data);
        }
    }
}
