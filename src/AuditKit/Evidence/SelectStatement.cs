using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AuditKit.Evidence;

/// <summary>
/// A prepared query that is read row by row. Spoken to directly, as <see cref="InsertStatement"/> is: ADO.NET's reader would take twice as long
/// for a million rows.
/// </summary>
internal sealed class SelectStatement : PreparedStatement
{
    /// <summary>Prepares a query whose parameters are <c>$0</c>, <c>$1</c> … in this order.</summary>
    /// <param name="database">The file.</param>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Whole numbers and texts.</param>
    /// <exception cref="SqliteException">The query or the file is at fault.</exception>
    public SelectStatement(sqlite3 database, string sql, object[] parameters)
        : base(database, sql)
    {
        try
        {
            // One that is forgotten would be NULL, and nothing equals that.
            ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, raw.sqlite3_bind_parameter_count(Handle), nameof(parameters));
            foreach ((int i, object parameter) in parameters.Index())
            {
                // A parameter may stand in the query several times, or later than one of a higher number.
                int place = raw.sqlite3_bind_parameter_index(Handle, $"${i}");
                Check(parameter switch
                {
                    int number => raw.sqlite3_bind_int64(Handle, place, number),
                    long number => raw.sqlite3_bind_int64(Handle, place, number),
                    string text => raw.sqlite3_bind_text(Handle, place, text),
                    _ => throw new ArgumentException($"A {parameter.GetType().Name} cannot be asked for.", nameof(parameters)),
                });
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Columns of a row.</summary>
    public int Columns => raw.sqlite3_column_count(Handle);

    /// <summary>Goes to the first or the next row; false where there is none.</summary>
    /// <exception cref="SqliteException">The file is damaged, or locked by another process.</exception>
    public bool Next()
    {
        int code = raw.sqlite3_step(Handle);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    /// <summary>The type of a column's value: <c>SQLITE_INTEGER</c>, <c>SQLITE_FLOAT</c>, <c>SQLITE_TEXT</c>, <c>SQLITE_BLOB</c> or <c>SQLITE_NULL</c>.</summary>
    public int Type(int column) => raw.sqlite3_column_type(Handle, column);

    /// <summary>Whether a column has no value.</summary>
    public bool IsNull(int column) => Type(column) == raw.SQLITE_NULL;

    /// <summary>A column's whole number.</summary>
    /// <exception cref="InvalidCastException">It holds something else.</exception>
    public long GetInt64(int column) => Require(column, raw.SQLITE_INTEGER) ? raw.sqlite3_column_int64(Handle, column) : 0;

    /// <summary>A column's whole number of 32 bits.</summary>
    /// <exception cref="InvalidCastException">It holds something else.</exception>
    /// <exception cref="OverflowException">The number is larger.</exception>
    public int GetInt32(int column) => checked((int)GetInt64(column));

    /// <summary>A column's whole number, 0 for false.</summary>
    /// <exception cref="InvalidCastException">It holds something else.</exception>
    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <summary>A column's number.</summary>
    /// <exception cref="InvalidCastException">It holds something else.</exception>
    public double GetDouble(int column) => Require(column, raw.SQLITE_FLOAT) ? raw.sqlite3_column_double(Handle, column) : 0;

    /// <summary>A column's number, rounded to 32 bits.</summary>
    /// <exception cref="InvalidCastException">It holds something else.</exception>
    public float GetFloat(int column) => (float)GetDouble(column);

    /// <summary>A column's text.</summary>
    /// <exception cref="InvalidCastException">It holds something else.</exception>
    public string GetString(int column) => Require(column, raw.SQLITE_TEXT) ? Encoding.UTF8.GetString(GetBytes(column)) : "";

    /// <summary>A column's bytes, those of a text in UTF-8, until the next row is asked for.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(Handle, column);

    private bool Require(int column, int type)
        => Type(column) == type ? true : throw new InvalidCastException($"Column {column} of a row is of type {Type(column)}, not {type}.");
}
