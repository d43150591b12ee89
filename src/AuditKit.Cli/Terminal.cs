using Spectre.Console;

namespace AuditKit.Cli;

/// <summary>The console: colours and bars on a terminal, plain wide lines in a file or a CI log, no colour under NO_COLOR.</summary>
internal static class Terminal
{
    private const int WidthOfLogs = 140;

    /// <summary>Where people read what a command found.</summary>
    public static IAnsiConsole Out { get; } = Create();

    /// <summary>Whether somebody watches, so that bars may move.</summary>
    public static bool IsWatched { get; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    private static IAnsiConsole Create()
    {
        bool plain = Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfLogs;
        }

        return console;
    }
}
