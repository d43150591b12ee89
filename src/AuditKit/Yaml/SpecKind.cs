namespace AuditKit.Yaml;

/// <summary>What a YAML file is for, told by the keys of its root that the other kinds have not.</summary>
public sealed class SpecKind
{
    private readonly string _name;
    private readonly string _command;
    private readonly string[] _keys;

    private SpecKind(string name, string command, params string[] keys) => (_name, _command, _keys) = (name, command, keys);

    /// <summary>The spec of an audit.</summary>
    public static SpecKind Audit { get; } = new("the spec of an audit", "run", "checks");

    /// <summary>A training recipe.</summary>
    public static SpecKind Recipe { get; } = new("a training recipe", "train", "test", "epochs", "optimiser");

    /// <summary>A published table that is measured again.</summary>
    public static SpecKind Table { get; } = new("a table", "reproduce", "rows", "figures");

    private static IEnumerable<SpecKind> All => [Audit, Recipe, Table];

    /// <summary>Refuses a file of another kind, and says which command takes it. One of no kind is left to whoever reads it.</summary>
    /// <param name="file">The YAML file.</param>
    /// <exception cref="AuditException">The file cannot be read, or is of another kind.</exception>
    public void Require(string file) => Require(file, SpecMap.Parse(file, SpecMap.ReadFile(file)));

    /// <summary>The same of a file that was read.</summary>
    internal void Require(string file, SpecMap root)
    {
        if (!IsOf(root) && All.FirstOrDefault(kind => kind.IsOf(root)) is { } other)
        {
            throw new AuditException($"{file}: this is {other._name}, not {_name}: {ProgramName.Value} {other._command} {file}");
        }
    }

    /// <summary>Whether a file's root is that of this kind.</summary>
    internal bool IsOf(SpecMap root) => root.Keys.Any(key => _keys.Contains(key));
}
