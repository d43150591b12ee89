using AuditKit.Data;
using AuditKit.Models;

namespace AuditKit.Specs;

/// <summary>A whole audit: what is asked, of which model, on which data. Built in code, or read from a spec (<see cref="AuditSpec"/>).</summary>
/// <remarks>The report of a plan that was built in code cannot be made again from its evidence without the code.</remarks>
public record AuditPlan : AuditTerms
{
    /// <summary>The model under audit.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The data that it is audited on.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The full path of the folder that a baseline's relative path starts from.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>The spec's file for reports, relative to the working directory; empty where there is none.</summary>
    public string File { get; init; } = "";

    /// <summary>The <c>key=value</c> assignments that replaced values of the file.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The spec's text as it is run, overrides applied; empty where there is none.</summary>
    public string Text { get; init; } = "";
}
