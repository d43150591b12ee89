using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace AuditKit.Data;

/// <summary>Columns of one value a row.</summary>
internal static class ParquetColumn
{
    /// <summary>Whether a column is of text.</summary>
    public static bool IsText(DataField field) => IsOneValue(field) && (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>));

    /// <summary>Whether a column is of bytes.</summary>
    public static bool IsBytes(DataField field) => IsOneValue(field) && (field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>));

    /// <summary>Whether a column is of a type that labels and attributes have.</summary>
    public static bool IsCell(DataField field)
        => IsText(field) || (IsOneValue(field) && Type.GetTypeCode(field.ClrType) is >= TypeCode.Boolean and <= TypeCode.Double and not TypeCode.Char);

    /// <summary>The bytes of every row of a group; null for those that are missing.</summary>
    public static Task<byte[]?[]> Bytes(ParquetRowGroupReader rows, DataField field)
        => Values<ReadOnlyMemory<byte>, byte[]?>(rows, field, value => value.ToArray(), null);

    /// <summary>The values of every row of a group as the cells of a table have them; empty for those that are missing.</summary>
    public static Task<string[]> Cells(ParquetRowGroupReader rows, DataField field) => IsText(field)
        ? Values<ReadOnlyMemory<char>, string>(rows, field, Text, "")
        : Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => Values<bool, string>(rows, field, value => value ? "true" : "false", ""),
            TypeCode.SByte => Numbers<sbyte>(rows, field),
            TypeCode.Byte => Numbers<byte>(rows, field),
            TypeCode.Int16 => Numbers<short>(rows, field),
            TypeCode.UInt16 => Numbers<ushort>(rows, field),
            TypeCode.Int32 => Numbers<int>(rows, field),
            TypeCode.UInt32 => Numbers<uint>(rows, field),
            TypeCode.Int64 => Numbers<long>(rows, field),
            TypeCode.UInt64 => Numbers<ulong>(rows, field),
            TypeCode.Single => Numbers<float>(rows, field),
            _ => Numbers<double>(rows, field),
        };

    private static bool IsOneValue(DataField field) => field.MaxRepetitionLevel == 0 && !field.IsArray;

    private static string Text(ReadOnlyMemory<char> value) => value.Span.Contains('\0')
        ? throw new InvalidDataException("a text holds a NUL character, which no path, label or attribute has")
        : value.ToString();

    private static Task<string[]> Numbers<T>(ParquetRowGroupReader rows, DataField field)
        where T : struct, IFormattable
        => Values<T, string>(rows, field, value => value.ToString(null, CultureInfo.InvariantCulture), "");

    // A column holds the values that are there; a value, or the structure around it, may be missing, which the levels say.
    private static async Task<TCell[]> Values<T, TCell>(ParquetRowGroupReader rows, DataField field, Func<T, TCell> cell, TCell missing)
        where T : struct
    {
        var values = new T[rows.RowCount];
        int[]? levels = field.MaxDefinitionLevel > 0 ? new int[rows.RowCount] : null;
        await rows.ReadRawAsync<T>(field, values.AsMemory(), levels is null ? (Memory<int>?)null : levels.AsMemory(), null).ConfigureAwait(false);
        var cells = new TCell[rows.RowCount];
        int next = 0;
        for (int row = 0; row < cells.Length; row++)
        {
            cells[row] = levels is null || levels[row] == field.MaxDefinitionLevel ? cell(values[next++]) : missing;
        }

        return cells;
    }
}
