namespace AuditKit.Reports.Outline;

/// <summary>What a report is read on.</summary>
internal enum Medium
{
    /// <summary>Paper: examples and figures of passed groups are few or at the end, nothing is printed twice.</summary>
    Paper,

    /// <summary>A screen: all figures and all images are together, too, to be filtered.</summary>
    Screen,
}
