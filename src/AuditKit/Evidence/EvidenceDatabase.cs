using Microsoft.Data.Sqlite;

namespace AuditKit.Evidence;

/// <summary>
/// The SQLite file under an evidence store: opening, locking, transactions, and SQLite's errors in the user's words.
/// </summary>
/// <remarks>
/// While it is written the file is in WAL mode: a batch costs one append, a killed process loses nothing that was
/// committed, a power cut at most the last batches. The writer holds SQLite's exclusive file lock, which the kernel
/// releases when the process ends, however it ends. Closing folds everything into the one file.
/// </remarks>
internal sealed class EvidenceDatabase : IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly bool _writable;

    private EvidenceDatabase(string path, SqliteOpenMode mode)
    {
        _path = path;
        _writable = mode != SqliteOpenMode.ReadOnly;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = mode,
            ForeignKeys = true,
            Pooling = false,
            // Seconds that a statement waits for another process' lock; 0 would wait for ever.
            DefaultTimeout = 1,
        }.ToString());
    }

    /// <summary>Creates the file with its tables, or opens it, for this process alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The identity that a new file is given.</param>
    public static EvidenceDatabase OpenWrite(string path, string identity)
        => Open(path, SqliteOpenMode.ReadWriteCreate, database =>
        {
            database.Execute("PRAGMA locking_mode = EXCLUSIVE");
            database.Transaction(() =>
            {
                if (!database.Query("SELECT 1 FROM sqlite_schema", _ => 1).Any())
                {
                    database.Create(identity);
                }
                else
                {
                    database.Check();
                }
            });
            database.Execute("PRAGMA journal_mode = WAL");
            database.Execute("PRAGMA synchronous = NORMAL");
        });

    /// <summary>Opens a file for reading.</summary>
    public static EvidenceDatabase OpenRead(string path)
        => Open(path, SqliteOpenMode.ReadOnly, database => database.Check());

    private static EvidenceDatabase Open(string path, SqliteOpenMode mode, Action<EvidenceDatabase> prepare)
    {
        try
        {
            RegularFile.Require(path);
        }
        catch (IOException e)
        {
            throw new AuditException($"{path}: cannot be opened: {e.Message}", inner: e);
        }

        var database = new EvidenceDatabase(path, mode);
        try
        {
            database._connection.Open();
            // Commands wait by themselves; statements, which go below them, by SQLite's own means.
            SQLitePCL.raw.sqlite3_busy_timeout(database._connection.Handle, 1000 * database._connection.DefaultTimeout);
            database.Execute("PRAGMA trusted_schema = OFF");
            prepare(database);
            return database;
        }
        catch (Exception e)
        {
            database._connection.Dispose();
            if (e is SqliteException failure)
            {
                throw database.Explain(failure);
            }

            throw;
        }
    }

    /// <summary>Runs the work in one transaction, which is undone when the work throws.</summary>
    /// <param name="work">The work.</param>
    /// <param name="readsOther">Whether it reads another file that is attached, which is then not locked against its other readers.</param>
    public void Transaction(Action work, bool readsOther = false)
    {
        // Exclusive rather than immediate: the first one takes the file's lock, the others find it held already.
        Execute(readsOther ? "BEGIN" : "BEGIN EXCLUSIVE");
        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            // A full disk may have ended the transaction already.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Execute("ROLLBACK");
            }

            throw;
        }
    }

    /// <summary>Runs a statement with parameters <c>$0</c>, <c>$1</c> …</summary>
    public void Execute(string sql, params ReadOnlySpan<object> parameters)
    {
        try
        {
            using SqliteCommand command = Command(sql, parameters);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>Inserts many rows by one prepared statement; <paramref name="bind"/> gives it each row's values.</summary>
    public void Insert<T>(string sql, IEnumerable<T> rows, Action<T, InsertStatement> bind)
    {
        try
        {
            using var statement = new InsertStatement(_connection.Handle!, sql);
            foreach (T row in rows)
            {
                bind(row, statement);
                statement.Run();
            }
        }
        catch (SqliteException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>The rows of a query with parameters <c>$0</c>, <c>$1</c> …, read while they are enumerated.</summary>
    public IEnumerable<T> Query<T>(string sql, Func<SelectStatement, T> read, params object[] parameters)
    {
        using SelectStatement statement = Select(sql, parameters);
        while (Next(statement, read, out T? row))
        {
            yield return row!;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_writable && _connection.State == System.Data.ConnectionState.Open)
        {
            try
            {
                Execute("PRAGMA journal_mode = DELETE");
                // Readers of a killed run's store leave it behind; holding the exclusive lock, nobody uses it.
                File.Delete(_path + "-shm");
            }
            catch (Exception e) when (e is AuditException or IOException or UnauthorizedAccessException)
            {
                // No room to merge the write-ahead log: the evidence stays in file and log, and the next opening reads both.
            }
        }

        _connection.Dispose();
    }

    private void Create(string identity)
    {
        foreach (string table in EvidenceSchema.Tables)
        {
            Execute(table);
        }

        Execute($"PRAGMA application_id = {EvidenceSchema.ApplicationId}");
        Execute($"PRAGMA user_version = {EvidenceSchema.Version}");
        Execute("INSERT INTO run VALUES ($0)", identity);
        Execute("INSERT INTO dataset VALUES (0, $0, 0)", EvidenceSchema.AuditedData);
    }

    /// <summary>Refuses what is not a sound evidence store of this version: nothing read later can surprise.</summary>
    private void Check()
    {
        if (Scalar("PRAGMA application_id") != EvidenceSchema.ApplicationId)
        {
            throw new AuditException($"{_path}: a database of another program. Choose another folder with --out.");
        }

        if (Scalar("PRAGMA user_version") is var version and not EvidenceSchema.Version)
        {
            throw new AuditException(
                $"{_path}: evidence in format {version}; this version of AuditKit reads format {EvidenceSchema.Version}. Choose another folder with --out.");
        }

        bool sound = Query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid", row => row.GetString(0))
                .SequenceEqual(EvidenceSchema.Tables)
            && Query("PRAGMA quick_check(1)", row => row.GetString(0)).SequenceEqual(["ok"])
            && !EvidenceSchema.Contradictions.Any(query => Query(query, _ => 1).Any());
        if (!sound)
        {
            throw Damaged();
        }
    }

    private long Scalar(string sql) => Query(sql, row => row.GetInt64(0)).Single();

    private SqliteCommand Command(string sql, ReadOnlySpan<object> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", parameters[i]));
        }

        return command;
    }

    private SelectStatement Select(string sql, object[] parameters)
    {
        try
        {
            return new SelectStatement(_connection.Handle!, sql, parameters);
        }
        catch (SqliteException e)
        {
            throw Explain(e);
        }
    }

    private bool Next<T>(SelectStatement statement, Func<SelectStatement, T> read, out T? row)
    {
        try
        {
            bool found = statement.Next();
            row = found ? read(statement) : default;
            return found;
        }
        catch (SqliteException e)
        {
            throw Explain(e);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or OverflowException or ArgumentException)
        {
            // A value that this program would not have written.
            throw Damaged(e);
        }
    }

    /// <summary>A failure of SQLite, said so that the user knows what to do.</summary>
    private Exception Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new AuditException(
            $"{_path}: another run is writing to this file. Wait for it, or choose another folder with --out.", inner: e),
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT => Damaged(e),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM => new AuditException(
            $"{_path}: cannot be opened. Check that the folder exists and that you may {(_writable ? "write" : "read")} there.", inner: e),
        SQLitePCL.raw.SQLITE_FULL => new AuditException(
            $"{_path}: the disk is full. What was measured before is kept: make room, then run the same command again to go on.",
            ExitCode.Error, e),
        SQLitePCL.raw.SQLITE_CONSTRAINT => new ArgumentException(
            "An outcome names an image or a class that the store was not told of.", e),
        _ => new AuditException(
            $"{_path}: reading or writing failed ({e.Message}). What was measured before is kept: run the same command again to go on.",
            ExitCode.Error, e),
    };

    private AuditException Damaged(Exception? inner = null) => new(
        $"{_path}: not an evidence store, or a damaged one. Move it away, or choose another folder with --out.", inner: inner);
}
