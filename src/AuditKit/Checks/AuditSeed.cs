using System.Globalization;
using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>The audit's seed in the evidence, for analyses that draw: they read the store alone.</summary>
internal static class AuditSeed
{
    private const string Key = "seed";

    /// <summary>Records the seed.</summary>
    public static void Record(CheckContext context) => context.Evidence.WriteFact(Key, context.Seed.ToString(CultureInfo.InvariantCulture));

    /// <summary>The seed recorded.</summary>
    /// <exception cref="AuditException">No seed was recorded.</exception>
    public static long Read(EvidenceStore evidence) => long.TryParse(evidence.Fact(Key), CultureInfo.InvariantCulture, out long seed)
        ? seed
        : throw new AuditException("The evidence does not say which seed it was measured with: run the audit to its end first.", ExitCode.Error);
}
