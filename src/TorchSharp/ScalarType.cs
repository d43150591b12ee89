namespace TorchSharp;

public static partial class torch
{
    /// <summary>8-bit unsigned integers.</summary>
    public static readonly ScalarType uint8 = ScalarType.Byte;

    /// <summary>8-bit integers.</summary>
    public static readonly ScalarType int8 = ScalarType.Int8;

    /// <summary>16-bit integers.</summary>
    public static readonly ScalarType int16 = ScalarType.Int16;

    /// <summary>32-bit integers.</summary>
    public static readonly ScalarType int32 = ScalarType.Int32;

    /// <summary>64-bit integers.</summary>
    public static readonly ScalarType int64 = ScalarType.Int64;

    /// <summary>16-bit IEEE numbers.</summary>
    public static readonly ScalarType float16 = ScalarType.Float16;

    /// <summary>32-bit IEEE numbers.</summary>
    public static readonly ScalarType float32 = ScalarType.Float32;

    /// <summary>64-bit IEEE numbers.</summary>
    public static readonly ScalarType float64 = ScalarType.Float64;

    /// <summary>16-bit numbers with the exponent of 32-bit ones.</summary>
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;

    /// <summary>Truth values.</summary>
    public static readonly ScalarType @bool = ScalarType.Bool;

    /// <summary>What a tensor's elements are, under libtorch's numbers.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>8-bit unsigned integers.</summary>
        Byte = 0,

        /// <summary>8-bit integers.</summary>
        Int8 = 1,

        /// <summary>16-bit integers.</summary>
        Int16 = 2,

        /// <summary>32-bit integers.</summary>
        Int32 = 3,

        /// <summary>64-bit integers.</summary>
        Int64 = 4,

        /// <summary>16-bit IEEE numbers.</summary>
        Float16 = 5,

        /// <summary>32-bit IEEE numbers.</summary>
        Float32 = 6,

        /// <summary>64-bit IEEE numbers.</summary>
        Float64 = 7,

        /// <summary>Pairs of 32-bit numbers.</summary>
        ComplexFloat32 = 9,

        /// <summary>Pairs of 64-bit numbers.</summary>
        ComplexFloat64 = 10,

        /// <summary>Truth values.</summary>
        Bool = 11,

        /// <summary>Quantised 8-bit integers.</summary>
        QInt8 = 12,

        /// <summary>Quantised 8-bit unsigned integers.</summary>
        QUInt8 = 13,

        /// <summary>Quantised 32-bit integers.</summary>
        QInt32 = 14,

        /// <summary>16-bit numbers with the exponent of 32-bit ones.</summary>
        BFloat16 = 15,
    }

    /// <summary>Whether the type holds real numbers.</summary>
    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    /// <summary>Whether the type holds integers or truth values.</summary>
    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64
            or ScalarType.Bool;

    /// <summary>The element type that holds a C# type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    internal static ScalarType TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        TypeCode.Boolean => ScalarType.Bool,
        _ when type == typeof(Half) => ScalarType.Float16,
        _ => throw new NotSupportedException($"No element type of a tensor holds {type.Name}."),
    };
}
