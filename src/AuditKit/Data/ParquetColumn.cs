using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace AuditKit.Data;

/// <summary>Columns of one value a row, as the cells of a table.</summary>
internal static class ParquetColumn
{
    /// <summary>Whether a column is of text.</summary>
    public static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    /// <summary>Whether a column is of bytes.</summary>
    public static bool IsBytes(DataField field) => field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    /// <summary>Whether a column is of one value a row, of a type that labels and attributes have.</summary>
    public static bool CanRead(DataField field) => field.MaxRepetitionLevel == 0 && !field.IsArray
        && (IsText(field) || (Type.GetTypeCode(field.ClrType) is >= TypeCode.Boolean and <= TypeCode.Double and not TypeCode.Char));

    /// <summary>The values of a row group; empty for those that are missing.</summary>
    public static Task<string[]> Read(ParquetRowGroupReader rows, DataField field) => IsText(field) ? Texts(rows, field) : Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Boolean => Values<bool>(rows, field, value => value ? "true" : "false"),
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

    private static async Task<string[]> Texts(ParquetRowGroupReader rows, DataField field)
    {
        string?[] values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory()!).ConfigureAwait(false);
        return [.. values.Select(value => value?.Contains('\0', StringComparison.Ordinal) == true
            ? throw new AuditException($"Column '{field.Name}' holds a NUL character, which no path, label or attribute has.")
            : value ?? "")];
    }

    private static Task<string[]> Numbers<T>(ParquetRowGroupReader rows, DataField field)
        where T : struct, IFormattable
        => Values<T>(rows, field, value => value.ToString(null, CultureInfo.InvariantCulture));

    private static async Task<string[]> Values<T>(ParquetRowGroupReader rows, DataField field, Func<T, string> text)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var whole = new T[rows.RowCount];
            await rows.ReadAsync<T>(field, whole.AsMemory()).ConfigureAwait(false);
            return [.. whole.Select(text)];
        }

        var values = new T?[rows.RowCount];
        await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
        return [.. values.Select(value => value is { } known ? text(known) : "")];
    }
}
