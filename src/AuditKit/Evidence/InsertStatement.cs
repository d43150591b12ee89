using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AuditKit.Evidence;

/// <summary>
/// A prepared insert that is run row by row. Spoken to directly, below ADO.NET, whose commands look every parameter
/// up by name and box every value: that alone would halve the rate at which outcomes are written.
/// </summary>
internal sealed class InsertStatement : PreparedStatement
{
    /// <summary>Prepares a statement whose parameters are <c>$0</c>, <c>$1</c> … in this order.</summary>
    /// <exception cref="SqliteException">The statement or the file is at fault.</exception>
    public InsertStatement(sqlite3 database, string sql)
        : base(database, sql)
    {
    }

    /// <summary>Gives parameter <c>$index</c> a whole number; it keeps it until it is given another value.</summary>
    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(Handle, index + 1, value));

    /// <summary>Gives parameter <c>$index</c> a number; NaN, which SQLite has not, becomes NULL.</summary>
    public void Bind(int index, float value) => Check(raw.sqlite3_bind_double(Handle, index + 1, value));

    /// <summary>Gives parameter <c>$index</c> a text.</summary>
    public void Bind(int index, string value) => Check(raw.sqlite3_bind_text(Handle, index + 1, value));

    /// <summary>Gives parameter <c>$index</c> some bytes.</summary>
    public void Bind(int index, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(Handle, index + 1, value));

    /// <summary>Inserts a row of the values bound.</summary>
    /// <exception cref="SqliteException">A constraint is violated, or the disk is full.</exception>
    public void Run()
    {
        raw.sqlite3_step(Handle);
        // Resetting repeats the step's error code, in full.
        Check(raw.sqlite3_reset(Handle));
    }
}
