using System.Security.Cryptography;
using System.Text;
using AuditKit.Data;

namespace AuditKit.Training.Loop;

/// <summary>
/// What tells a run's data from all other. Files are read once for as long as none of them is written: the runs of a table have their data in common.
/// </summary>
internal sealed class DataDigests
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>The digest of the data that a recipe learns from and chooses the epoch by.</summary>
    /// <exception cref="AuditException">The data cannot be opened or read.</exception>
    public string OfTraining(Recipe recipe)
    {
        using SplitData data = recipe.Split.Open();
        return OfTraining(data, recipe.Split, Environment.ProcessorCount, CancellationToken.None);
    }

    /// <summary>The same, of data that is open: of the files that images come from. What of them is taken, the recipe says, or another one that it names.</summary>
    public string OfTraining(SplitData data, TrainingSplit split, int threads, CancellationToken cancellation)
        => string.Join(' ', new[] { data.Training, data.Validation }.Distinct().Where(set => set.Files.Count > 0)
            .Select(set => OfFiles(set, threads, cancellation))
            .Concat(new[] { split.Data, split.Validation }.OfType<DataSpec>().Select(OfPart).OfType<string>()).Distinct());

    /// <summary>The digest of the data that a recipe's model is measured on.</summary>
    /// <exception cref="AuditException">The data cannot be opened or read.</exception>
    public string OfTest(Recipe recipe)
    {
        using IDataset test = DatasetCatalog.Open(recipe.Test);
        return OfTest(test, recipe.Test, Environment.ProcessorCount, CancellationToken.None);
    }

    /// <summary>The same, of data that is open.</summary>
    public string OfTest(IDataset test, DataSpec data, int threads, CancellationToken cancellation)
        => string.Join(' ', new[] { OfFiles(test, threads, cancellation), OfPart(data) }.OfType<string>());

    private string OfFiles(IDataset data, int threads, CancellationToken cancellation)
    {
        // What has been written since has another length or time. Of a link its target's count.
        using var stamps = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in data.Files)
        {
            stamps.AppendData(Encoding.UTF8.GetBytes($"{file}\n{Stamp(file)}\n"));
        }

        string key = Convert.ToHexStringLower(stamps.GetHashAndReset());
        if (!_known.TryGetValue(key, out string? digest))
        {
            digest = DatasetFingerprint.Of(data, threads, cancellation).Sha256;
            _known.Add(key, digest);
        }

        return digest;
    }

    private static string Stamp(string file)
    {
        try
        {
            var now = new FileInfo(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);
            return FormattableString.Invariant($"{now.FullName} {now.Length} {now.LastWriteTimeUtc.Ticks}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the file says what is wrong with it.
            return "unreadable";
        }
    }

    private static string? OfPart(DataSpec data)
        => data.Part is { } part ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part.Changes()))) : null;
}
