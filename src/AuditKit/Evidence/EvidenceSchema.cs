namespace AuditKit.Evidence;

/// <summary>
/// The tables of an evidence store. A condition is what was done to the images (<c>clean</c>, <c>jpeg-50</c>,
/// <c>simba</c>); every outcome is keyed by condition and image, so it is read back in image order whatever
/// order it was written in.
/// </summary>
internal static class EvidenceSchema
{
    /// <summary>SQLite's application id of these files: "AKEV" in ASCII.</summary>
    public const int ApplicationId = 0x414B4556;

    /// <summary>Counts up whenever a table changes.</summary>
    public const int Version = 2;

    /// <summary>The statements that create the tables, as SQLite keeps them.</summary>
    public static readonly string[] Tables =
    [
        "CREATE TABLE run (identity TEXT NOT NULL) STRICT",
        "CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE class (label INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
        "CREATE TABLE image (id INTEGER PRIMARY KEY, label INTEGER NOT NULL REFERENCES class, source TEXT NOT NULL) STRICT",
        "CREATE TABLE attribute (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
        """
        CREATE TABLE attribute_value (
          attribute INTEGER NOT NULL REFERENCES attribute,
          image INTEGER NOT NULL REFERENCES image,
          value TEXT NOT NULL,
          PRIMARY KEY (attribute, image)) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE condition (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
        """
        CREATE TABLE prediction (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL REFERENCES image,
          predicted INTEGER NOT NULL REFERENCES class,
          confidence REAL NOT NULL,
          distance REAL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE attack_outcome (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL REFERENCES image,
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
          image INTEGER NOT NULL REFERENCES image,
          vector BLOB NOT NULL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE embedding (
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL REFERENCES image,
          vector BLOB NOT NULL,
          PRIMARY KEY (condition, image)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE example (
          id INTEGER PRIMARY KEY,
          condition INTEGER NOT NULL REFERENCES condition,
          image INTEGER NOT NULL REFERENCES image,
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
        "SELECT count(*) FROM image HAVING min(id) <> 0 OR max(id) <> count(*) - 1",
        """
        SELECT 1 FROM attribute
        WHERE (SELECT count(*) FROM attribute_value WHERE attribute = attribute.id) <> (SELECT count(*) FROM image)
        """,
    ];
}
