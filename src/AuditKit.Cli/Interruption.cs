using System.Runtime.InteropServices;

namespace AuditKit.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the work to stop where it can be gone on from; a second, or work that does not
/// stop in time, ends the process at once, which loses no more than the batch in hand.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // What stops containers kills them after ten seconds.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _source = new();
    private readonly bool _waits;
    private readonly PosixSignalRegistration[] _signals;
    private int _exitCode;

    /// <summary>Listens from now on.</summary>
    /// <param name="waits">Whether the work looks at <see cref="Token"/>, so that it is worth waiting for.</param>
    public Interruption(bool waits)
    {
        _waits = waits;
        _signals = [Register(PosixSignal.SIGINT, 130), Register(PosixSignal.SIGTERM, 143)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>How an interrupted process ends, 128 and the signal's number; null where there was no signal.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? code : null;

    /// <summary>What is said then.</summary>
    public static string Message => "interrupted, run again to go on.";

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _source.Dispose();
    }

    /// <summary>Ends the process without waiting for any thread: native code may be computing in some.</summary>
    public static void End(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(exitCode);
        }

        Exit(exitCode);
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0 || !_waits)
        {
            EndNow(exitCode);
        }

        // A thread of its own: those of the pool may all be at work.
        new Thread(() => EndLater(exitCode)) { IsBackground = true }.Start();
        _source.Cancel();
    });

    private static void EndLater(int exitCode)
    {
        Thread.Sleep(s_grace);
        EndNow(exitCode);
    }

    private static void EndNow(int exitCode)
    {
        Terminal.ShowCursor();
        Program.Tell(Message);
        End(exitCode);
    }

    // Exit handlers of native libraries would take down what their threads still use.
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int status);
}
