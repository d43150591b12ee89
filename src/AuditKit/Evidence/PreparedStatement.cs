using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AuditKit.Evidence;

/// <summary>A prepared statement that SQLite is spoken to by directly, below ADO.NET.</summary>
internal abstract class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares the statement.</summary>
    /// <exception cref="SqliteException">The statement or the file is at fault.</exception>
    protected PreparedStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>What SQLite knows the statement by.</summary>
    protected sqlite3_stmt Handle => _statement;

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    /// <summary>Throws what a code of SQLite's stands for, unless all is well.</summary>
    /// <exception cref="SqliteException">It is an error's.</exception>
    protected void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
