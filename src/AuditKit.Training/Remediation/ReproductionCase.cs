using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>One of several circumstances that a table's rows are all measured in, such as few and many images; each makes a table of its own.</summary>
/// <param name="Name">The case's heading.</param>
/// <param name="Set">What it changes in the recipe of every row, <c>key=value</c>.</param>
/// <param name="AuditSet">What it changes in the audit of every row, <c>key=value</c>.</param>
public sealed record ReproductionCase(string Name, IReadOnlyList<string> Set, IReadOnlyList<string> AuditSet)
{
    /// <summary>Reads a case.</summary>
    /// <exception cref="AuditException">A key is unknown or missing.</exception>
    internal static ReproductionCase Parse(SpecMap map)
    {
        var read = new ReproductionCase(map.Text("name"), map.List("set", []), map.List("audit-set", []));
        map.Finish();
        return read;
    }
}
