using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AuditKit.Evidence;

/// <summary>
/// A prepared insert that is run row by row. Spoken to directly, below ADO.NET, whose commands look every parameter
/// up by name and box every value: that alone would halve the rate at which outcomes are written.
/// </summary>
internal sealed class InsertStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a statement whose parameters are <c>$0</c>, <c>$1</c> … in this order.</summary>
    /// <exception cref="SqliteException">The statement or the file is at fault.</exception>
    public InsertStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>Gives parameter <c>$index</c> a whole number; it keeps it until it is given another value.</summary>
    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index + 1, value));

    /// <summary>Gives parameter <c>$index</c> a number; NaN, which SQLite has not, becomes NULL.</summary>
    public void Bind(int index, float value) => Check(raw.sqlite3_bind_double(_statement, index + 1, value));

    /// <summary>Gives parameter <c>$index</c> a text.</summary>
    public void Bind(int index, string value) => Check(raw.sqlite3_bind_text(_statement, index + 1, value));

    /// <summary>Gives parameter <c>$index</c> some bytes.</summary>
    public void Bind(int index, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, index + 1, value));

    /// <summary>Inserts a row of the values bound.</summary>
    /// <exception cref="SqliteException">A constraint is violated, or the disk is full.</exception>
    public void Run()
    {
        raw.sqlite3_step(_statement);
        // Resetting repeats the step's error code, in full.
        Check(raw.sqlite3_reset(_statement));
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
