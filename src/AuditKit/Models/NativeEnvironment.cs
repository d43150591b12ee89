using System.Runtime.InteropServices;

namespace AuditKit.Models;

/// <summary>Environment variables that native libraries read. .NET keeps a copy of the environment that they do not see.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable, unless the user has set it.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Set(name, value);
        }
    }

    /// <summary>Sets a variable.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows())
        {
            _ = SetNative(name, value, 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
