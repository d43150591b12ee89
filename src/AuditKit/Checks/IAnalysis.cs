using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Checks;

/// <summary>Turns a check's outcomes into a section of the report: estimates, intervals, gates, charts.</summary>
public interface IAnalysis
{
    /// <summary>Reads outcomes from the evidence store alone.</summary>
    /// <param name="evidence">The finished evidence.</param>
    /// <param name="confidence">Confidence level of intervals and gates, such as 0.95.</param>
    Section Analyse(EvidenceStore evidence, double confidence);
}
