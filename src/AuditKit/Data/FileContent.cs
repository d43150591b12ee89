namespace AuditKit.Data;

/// <summary>What a file holds.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of them, 32 bytes.</param>
internal readonly record struct FileContent(long Size, ReadOnlyMemory<byte> Sha256);
