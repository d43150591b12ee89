using System.Runtime.InteropServices;

namespace AuditKit.Imaging.Files;

/// <summary>A native library that is used where the system has it, under whichever of its names.</summary>
internal sealed class SystemLibrary
{
    /// <summary>What imports from libjpeg-turbo's TurboJPEG call their library.</summary>
    public const string TurboJpegName = "auditkit-turbojpeg";

    /// <summary>What imports from libpng call their library.</summary>
    public const string LibPngName = "auditkit-png16";

    private static readonly Lazy<(SystemLibrary TurboJpeg, SystemLibrary LibPng)> s_found = new(Find);

    private readonly nint _handle;

    private SystemLibrary(IEnumerable<string> names, string[] functions)
    {
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint handle))
            {
                continue;
            }

            if (functions.All(function => NativeLibrary.TryGetExport(handle, function, out _)))
            {
                (_handle, Name) = (handle, Path.GetFileName(name));
                return;
            }

            NativeLibrary.Free(handle);
        }
    }

    /// <summary>libjpeg-turbo's TurboJPEG of version 2.0 or later, which all have these functions.</summary>
    public static SystemLibrary TurboJpeg => s_found.Value.TurboJpeg;

    /// <summary>libpng 1.6.</summary>
    public static SystemLibrary LibPng => s_found.Value.LibPng;

    /// <summary>The file that it was found under; null where the system has none.</summary>
    public string? Name { get; }

    /// <summary>Whether it has a function.</summary>
    public bool Has(string function) => Name is not null && NativeLibrary.TryGetExport(_handle, function, out _);

    private static (SystemLibrary TurboJpeg, SystemLibrary LibPng) Find()
    {
        var turbo = new SystemLibrary(
            Candidates(
                linux: ["libturbojpeg.so.0", "libturbojpeg.so", "/opt/libjpeg-turbo/lib64/libturbojpeg.so.0"],
                macOS: ["libturbojpeg.0.dylib", "libturbojpeg.dylib"], keg: "jpeg-turbo",
                windows: ["turbojpeg.dll", "libturbojpeg.dll", @"C:\libjpeg-turbo64\bin\turbojpeg.dll"]),
            ["tjInitDecompress", "tjDecompressHeader3", "tjDecompress2", "tjGetErrorStr2", "tjDestroy"]);
        var png = new SystemLibrary(
            Candidates(
                linux: ["libpng16.so.16", "libpng16.so"],
                macOS: ["libpng16.16.dylib", "libpng16.dylib"], keg: "libpng",
                windows: ["libpng16-16.dll", "libpng16.dll"]),
            ["png_access_version_number", "png_image_begin_read_from_memory", "png_image_finish_read", "png_image_free"]);
        NativeLibrary.SetDllImportResolver(typeof(SystemLibrary).Assembly, (name, _, _) => name switch
        {
            TurboJpegName => turbo._handle,
            LibPngName => png._handle,
            _ => 0,
        });
        return (turbo, png);
    }

    // Homebrew's folders are none that the system searches by itself.
    private static IEnumerable<string> Candidates(string[] linux, string[] macOS, string keg, string[] windows)
        => OperatingSystem.IsWindows() ? windows
            : !OperatingSystem.IsMacOS() ? linux
            : macOS.Concat(
                from folder in (string[])["/opt/homebrew", "/usr/local"]
                from inside in (string[])["lib", $"opt/{keg}/lib"]
                from name in macOS
                select $"{folder}/{inside}/{name}");
}
