using System.Security.Cryptography;
using System.Text;
using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>A data set besides the audited one, all of whose files are known.</summary>
/// <param name="Name">What tells it from all others in the evidence: <see cref="Digest"/>.</param>
/// <param name="Sha256">SHA-256 over all its files.</param>
/// <param name="SeveralFrames">How many of its images are the first of several in their file.</param>
internal sealed record FurtherDataset(string Name, string Sha256, int SeveralFrames)
{
    /// <summary>A digest over its files, its images and their labels: which of the files' images are taken counts, too.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="sha256">SHA-256 over all its files.</param>
    public static string Digest(IDataset data, string sha256)
    {
        using var digest = SHA256.Create();
        using (var hashed = new CryptoStream(Stream.Null, digest, CryptoStreamMode.Write))
        {
            using var text = new StreamWriter(hashed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            text.Write(sha256);
            for (int i = 0; i < data.Count; i++)
            {
                text.Write($"\n{data.Label(i)} {data.Source(i)}");
            }
        }

        return Convert.ToHexStringLower(digest.Hash!);
    }

    /// <summary>Records its images.</summary>
    public static void Describe(EvidenceStore evidence, IReadOnlyList<string> classes, IDataset data)
        => evidence.DescribeData(classes, Enumerable.Range(0, data.Count).Select(i => new ImageRecord(i, data.Label(i), data.Source(i))));
}
