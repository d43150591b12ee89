using System.Runtime.CompilerServices;

namespace AuditKit.Reports.Tests;

/// <summary>Holds an output against a file beside the tests.</summary>
internal static class Snapshot
{
    /// <summary>
    /// Compares with <c>Snapshots/NAME</c>. What differs is left beside the test program, to be looked at and,
    /// where the change is meant, copied over the snapshot by hand.
    /// </summary>
    public static void Matches(string name, string actual, [CallerFilePath] string test = "")
    {
        string expected = Path.Combine(Path.GetDirectoryName(test)!, "Snapshots", name);
        string received = Path.Combine(AppContext.BaseDirectory, "received-" + name);
        File.WriteAllText(received, actual);
        string? known = File.Exists(expected) ? File.ReadAllText(expected) : null;
        Assert.True(actual == known, $"The output differs from {expected}; received: {received}");
    }
}
