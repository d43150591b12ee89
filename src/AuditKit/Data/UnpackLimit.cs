namespace AuditKit.Data;

/// <summary>What a compressed file may unpack to, so that a small one cannot fill memory or disk.</summary>
internal static class UnpackLimit
{
    // Above this size no data compresses so well, but bombs do.
    private const long MaxUnquestioned = 64 << 20;
    private const int MaxRatio = 200;

    /// <summary>The most bytes that so many compressed ones may unpack to.</summary>
    public static long Of(long compressed) => Math.Max(MaxUnquestioned, MaxRatio * compressed);

    /// <summary>The error for a file that has, or claims to have, more.</summary>
    public static AuditException Exceeded(string path, long compressed, ExitCode exitCode)
        => new($"{path}: {compressed} bytes that unpack to more than {Of(compressed)}; refused as a decompression bomb.", exitCode);
}
