using System.Security.Cryptography;
using System.Text;
using AuditKit.Data;

namespace AuditKit.Checks;

/// <summary>What tells a data set besides the audited one from all others in the evidence.</summary>
internal static class FurtherDataset
{
    /// <summary>A digest over its files, its images and their labels: which of the files' images are taken counts, too.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="sha256">SHA-256 over all its files.</param>
    public static string Digest(IDataset data, string sha256)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(sha256));
        for (int i = 0; i < data.Count; i++)
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"\n{data.Label(i)} {data.Source(i)}"));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
