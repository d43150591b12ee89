using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Models.Onnx;

/// <summary>The value of a node's attribute. Numbers, texts, lists of them and tensors convert to it by themselves.</summary>
public sealed class AttributeValue
{
    private AttributeValue(object value) => Value = value;

    /// <summary>
    /// A <c>long</c>, <c>float</c>, <c>string</c>, <c>long[]</c>, <c>float[]</c>, <c>string[]</c> or
    /// <see cref="TensorValue"/>. Sub-graphs and other rare kinds are opaque: read and written unchanged.
    /// </summary>
    public object Value { get; }

    /// <summary>A whole number.</summary>
    public static implicit operator AttributeValue(long value) => new(value);

    /// <summary>A 32-bit floating point number.</summary>
    public static implicit operator AttributeValue(float value) => new(value);

    /// <summary>A text.</summary>
    public static implicit operator AttributeValue(string value) => new(value);

    /// <summary>A list of whole numbers.</summary>
    public static implicit operator AttributeValue(long[] value) => new(value);

    /// <summary>A list of 32-bit floating point numbers.</summary>
    public static implicit operator AttributeValue(float[] value) => new(value);

    /// <summary>A list of texts.</summary>
    public static implicit operator AttributeValue(string[] value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator AttributeValue(TensorValue value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value switch
    {
        long[] values => $"[{InvariantText.Join(", ", values)}]",
        float[] values => $"[{InvariantText.Join(", ", values)}]",
        string[] values => $"[{string.Join(", ", values)}]",
        _ => InvariantText.Of(Value),
    };

    internal static AttributeValue Opaque(AttributeProto value) => new(value);
}
