namespace AuditKit;

/// <summary>
/// A failure that the user can act on. The message names the file, line or field and what to do; it is printed
/// as it is, without a stack trace.
/// </summary>
public class AuditException : Exception
{
    /// <summary>A failure with its message and the exit code that the process ends with.</summary>
    /// <param name="message">One or two sentences: what is wrong, where, what to do.</param>
    /// <param name="exitCode"><see cref="ExitCode.Usage"/> for input that cannot be used, <see cref="ExitCode.Error"/> for what broke while running.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public AuditException(string message, ExitCode exitCode = ExitCode.Usage, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>The exit code that the process ends with.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>The file, line and column that the message begins with; null where it has none. Nothing else belongs before them.</summary>
    internal string? Place { get; init; }

    /// <summary>The same failure, said of something; where that has a place, behind it.</summary>
    /// <param name="what">What it is of: <c>checks.domain-shift, set 'x'</c>.</param>
    /// <param name="exitCode">The exit code; null for the same.</param>
    internal AuditException Of(string what, ExitCode? exitCode = null)
        => new(Place is null ? $"{what}: {Message}" : $"{Place}: {what}: {Message[(Place.Length + 2)..]}", exitCode ?? ExitCode, this) { Place = Place };
}
