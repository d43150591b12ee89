namespace AuditKit.Data;

/// <summary>One file of a data set.</summary>
/// <param name="Name">Its path below the folder that all files of the data set share.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hex.</param>
public sealed record FileDigest(string Name, long Size, string Sha256);
