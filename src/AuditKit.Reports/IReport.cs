using AuditKit.Results;

namespace AuditKit.Reports;

/// <summary>One format of the report.</summary>
public interface IReport
{
    /// <summary>The file's name in the run's folder: <c>report.json</c>.</summary>
    string FileName { get; }

    /// <summary>
    /// Writes the whole report. The same result gives the same bytes: no clock, no random identity, no path of
    /// this machine goes into it.
    /// </summary>
    /// <exception cref="AuditException">The format's own tools are missing or fail.</exception>
    void Write(AuditResult result, Stream destination);
}
