namespace AuditKit.Evidence;

/// <summary>
/// The tables of an evidence store. A <see cref="Condition"/> is kept column by column, its options row by row, and told
/// from others by its digest; every outcome is keyed by condition and image, so it is read back in image order whatever
/// order it was written in. An image's number is its index in its data set, a condition belongs to one data set. The store
/// of a shard counts the images of a data set without naming them, and has the attributes of its own alone.
/// </summary>
internal static class EvidenceSchema
{
    /// <summary>SQLite's application id of these files: "AKEV" in ASCII.</summary>
    public const int ApplicationId = 0x414B4556;

    /// <summary>Counts up whenever a table changes.</summary>
    public const int Version = 4;

    /// <summary>The name of the data set under audit; others are compared with it.</summary>
    public const string AuditedData = "";

    /// <summary>The table of what a report says besides: no part of what was observed, and so of no digest.</summary>
    public const string RecordTable = "record";

    /// <summary>The tables keyed by condition and image.</summary>
    public static readonly string[] OutcomeTables = ["prediction", "attack_outcome", "logits", "embedding", "example"];

    /// <summary>All tables with rows that belong to a condition.</summary>
    public static readonly string[] ConditionTables = ["condition_option", "figure", .. OutcomeTables];

    /// <summary>The statements that create the tables, as SQLite keeps them.</summary>
    public static readonly string[] Tables =
    [
        "CREATE TABLE run (identity TEXT NOT NULL) STRICT",
        "CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        $"CREATE TABLE {RecordTable} (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE class (label INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
        "CREATE TABLE dataset (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, images INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE image (
          dataset INTEGER NOT NULL REFERENCES dataset,
          position INTEGER NOT NULL,
          label INTEGER NOT NULL REFERENCES class,
          source TEXT NOT NULL,
          PRIMARY KEY (dataset, position)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE attribute (
          id INTEGER PRIMARY KEY,
          dataset INTEGER NOT NULL REFERENCES dataset,
          name TEXT NOT NULL,
          UNIQUE (dataset, name)) STRICT
        """,
        """
        CREATE TABLE attribute_value (
          attribute INTEGER NOT NULL REFERENCES attribute,
          image INTEGER NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (attribute, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE condition (
          id INTEGER PRIMARY KEY,
          dataset INTEGER NOT NULL REFERENCES dataset,
          kind TEXT NOT NULL,
          check_key TEXT NOT NULL,
          name TEXT NOT NULL,
          origin TEXT NOT NULL,
          digest TEXT NOT NULL,
          UNIQUE (dataset, digest)) STRICT
        """,
        """
        CREATE TABLE condition_option (
          condition INTEGER NOT NULL REFERENCES condition,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (condition, key)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE figure (
          condition INTEGER NOT NULL REFERENCES condition,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (condition, key)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE prediction (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL,
          predicted INTEGER NOT NULL REFERENCES class,
          confidence REAL NOT NULL,
          distance REAL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE attack_outcome (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL,
          succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1)),
          iterations INTEGER NOT NULL,
          queries INTEGER NOT NULL,
          l2 REAL NOT NULL,
          linf REAL NOT NULL,
          predicted INTEGER NOT NULL REFERENCES class,
          confidence REAL NOT NULL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE logits (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL,
          vector BLOB NOT NULL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE embedding (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL,
          vector BLOB NOT NULL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE example (
          id INTEGER PRIMARY KEY,
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL,
          label TEXT NOT NULL,
          width INTEGER NOT NULL,
          height INTEGER NOT NULL,
          channels INTEGER NOT NULL,
          samples BLOB NOT NULL,
          UNIQUE (condition, image, label)) STRICT
        """,
    ];

    /// <summary>Queries that find nothing in any store that this program wrote: what no column constraint can say.</summary>
    public static readonly string[] Contradictions =
    [
        "PRAGMA foreign_key_check",
        "SELECT 1 WHERE (SELECT count(*) FROM run) <> 1",
        "SELECT count(*) FROM class HAVING min(label) <> 0 OR max(label) <> count(*) - 1",
        $"SELECT 1 WHERE (SELECT id FROM dataset WHERE name = '{AuditedData}') IS NOT 0",
        """
        SELECT 1 FROM dataset
        WHERE (SELECT count(*) FROM image WHERE dataset = dataset.id) NOT IN (0, images)
           OR (SELECT min(position) <> 0 OR max(position) <> images - 1 FROM image WHERE dataset = dataset.id)
        """,
        """
        SELECT 1 FROM attribute JOIN dataset ON dataset.id = attribute.dataset
        WHERE (SELECT min(image) < 0 OR max(image) >= images FROM attribute_value WHERE attribute = attribute.id)
        """,
        .. OutcomeTables.Select(table =>
            $"""
            SELECT 1 FROM condition JOIN dataset ON dataset.id = condition.dataset
            WHERE (SELECT min(image) < 0 OR max(image) >= images FROM {table} WHERE condition = condition.id)
            """),
    ];
}
