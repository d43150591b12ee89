using AuditKit.Data;

namespace AuditKit.Run;

/// <summary>What is known of the audited data's files.</summary>
/// <param name="Fingerprint">Their digests.</param>
/// <param name="SeveralFrames">How many of the images are the first of several in their file.</param>
internal sealed record KnownData(DatasetFingerprint Fingerprint, int SeveralFrames);
