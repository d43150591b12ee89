using System.Text;

namespace AuditKit.Cli;

/// <summary>
/// Standard output or standard error. Where it is closed or full, what is written goes nowhere and the work goes on:
/// reports and evidence matter more than what is told of them.
/// </summary>
/// <param name="stream">The console's own writer.</param>
/// <param name="escape">What becomes of the text that is written.</param>
internal sealed class TerminalWriter(TextWriter stream, Func<string, string> escape) : TextWriter
{
    /// <summary>Why the last text was lost; null while none was.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => stream.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + Environment.NewLine);

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        try
        {
            stream.Write(escape(value ?? ""));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure = e.GetBaseException().Message;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        try
        {
            stream.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure = e.GetBaseException().Message;
        }
    }
}
