using System.Runtime.InteropServices;

namespace AuditKit.Training.Libtorch;

/// <summary>How the process ends once libtorch is loaded: never by a signal. Linux with glibc; elsewhere nothing is changed.</summary>
internal static unsafe partial class NativeExit
{
    private const int StandardError = 2;

    /// <summary>Prepares for the end of the process, and for exceptions that nothing can catch.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint libc))
        {
            return;
        }

        // Threads that are still inside libtorch while the libraries' own exit handlers free what they use end in a
        // segmentation fault. The handler registered last runs first: _exit(status) itself, which runs no others.
        nint exit = NativeLibrary.GetExport(libc, "_exit");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _ = OnExit(exit, 0);
        if (NativeLibrary.TryLoad("libstdc++.so.6", out nint runtime)
            && NativeLibrary.TryGetExport(runtime, "_ZSt13set_terminatePFvvE", out nint setTerminate))
        {
            ((delegate* unmanaged<delegate* unmanaged<void>, nint>)setTerminate)(&Terminate);
        }
    }

    // TorchSharp's native half turns c10::Error and std::runtime_error into exceptions of .NET, in most of its functions.
    // Others find no handler on the way through managed code, and C++ then calls this, on the thread that threw.
    [UnmanagedCallersOnly]
    private static void Terminate()
    {
        ReadOnlySpan<byte> message =
            "auditkit: libtorch stopped with an error that cannot be caught. What was measured so far is kept; run again to go on, and please report this.\n"u8;
        fixed (byte* text = message)
        {
            _ = Write(StandardError, text, (nuint)message.Length);
        }

        Exit((int)ExitCode.Error);
    }

    [LibraryImport("libc", EntryPoint = "on_exit")]
    private static partial int OnExit(nint handler, nint argument);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte* text, nuint length);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
