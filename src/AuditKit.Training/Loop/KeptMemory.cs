using System.Runtime.InteropServices;

namespace AuditKit.Training.Loop;

/// <summary>
/// Memory that is freed stays with the process. A training step frees and asks for the same blocks of tens of megabytes over
/// and over, and glibc gives blocks of this size back to the system, which then clears every page of them again: a tenth
/// of the step.
/// </summary>
public static partial class KeptMemory
{
    // Parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int MostMappings = -4;

    /// <summary>Has the C library keep what is freed from now on. Where it is not glibc, nothing changes.</summary>
    public static void Enable()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetOption(MostMappings, 0);
            _ = SetOption(TrimThreshold, -1);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, such as musl.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
