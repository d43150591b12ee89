using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AuditKit.Cli;

/// <summary>
/// The console: colours and bars on a terminal, plain wide lines in a file or a CI log, no colour under NO_COLOR. Text
/// reaches it through <see cref="ControlCharacters"/>, whoever writes it.
/// </summary>
internal static class Terminal
{
    private const int WidthOfLogs = 140;

    // Of the files that keep the numbers of closed standard streams from being given to a report.
    private static readonly List<IDisposable> s_kept = [];

    private static readonly TerminalWriter s_output = new(Console.Out, ControlCharacters.Escape);

    /// <summary>Where people read what a command found.</summary>
    public static IAnsiConsole Out { get; } = Create(new TerminalWriter(Console.Out, text => text), !Console.IsOutputRedirected);

    /// <summary>Whether somebody watches, so that bars may move.</summary>
    public static bool IsWatched { get; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Lets all that is written to the console through here. Comes first in a process.</summary>
    public static void TakeOver()
    {
        KeepStandardNumbers();
        _ = Out;
        Console.SetOut(s_output);
        Console.SetError(new TerminalWriter(Console.Error, ControlCharacters.Escape));
    }

    /// <summary>Why what was printed was lost; null where nothing was.</summary>
    public static string? Failure => s_output.Failure ?? (Out.Profile.Out.Writer as TerminalWriter)?.Failure;

    /// <summary>A sentence on one line, whatever its length, so that logs can be searched for it; a terminal wraps it by itself.</summary>
    public static void WriteLine(string sentence, Color colour) => Out.Write(new OneLine(sentence, colour));

    /// <summary>Bars hide the cursor; who ends the process under them brings it back.</summary>
    public static void ShowCursor()
    {
        if (IsWatched)
        {
            Out.Cursor.Show();
        }
    }

    /// <summary>A console that writes its own colours, and shows the control characters of others by their numbers.</summary>
    internal static IAnsiConsole Create(TextWriter writer, bool isTerminal, AnsiSupport ansi = AnsiSupport.Detect)
    {
        bool plain = !isTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? ansi : AnsiSupport.No,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new Output(writer, isTerminal),
        });
        console.Pipeline.Attach(new Escaping());
        return console;
    }

    // Files opened later would take the numbers of streams that are closed, and what is printed would go into them.
    private static void KeepStandardNumbers()
    {
        const int StandardError = 2;
        while (!OperatingSystem.IsWindows())
        {
            var nowhere = File.OpenHandle("/dev/null", access: FileAccess.ReadWrite);
            if (nowhere.DangerousGetHandle() > StandardError)
            {
                nowhere.Dispose();
                return;
            }

            s_kept.Add(nowhere);
        }
    }

    private sealed class Output(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        // Pseudo-terminals may say that they have no columns.
        public int Width => isTerminal && Console.BufferWidth is > 0 and var columns ? columns : WidthOfLogs;

        public int Height => isTerminal && Console.WindowHeight is > 0 and var lines ? lines : int.MaxValue;

        public void SetEncoding(Encoding encoding)
        {
        }
    }

    /// <summary>What stands in tables and bars is text of others; what moves the cursor and colours is Spectre's.</summary>
    private sealed class Escaping : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(inner => new Escaped(inner));
    }

    private sealed class Escaped(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth)
            .Select(segment => segment.IsControlCode ? segment : ControlCharacters.Escape(segment.Text) is var text && text == segment.Text
                ? segment
                : new Segment(text, segment.Style));
    }

    private sealed class OneLine(string text, Color colour) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text, new Style(colour)), Segment.LineBreak];
    }
}
