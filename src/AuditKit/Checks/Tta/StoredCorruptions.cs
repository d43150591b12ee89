using AuditKit.Checks.Corruptions;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Checks.Tta;

/// <summary>A stored set, such as CIFAR-10-C, that corrupted images are read from instead of being made.</summary>
/// <param name="folder">The set's folder.</param>
internal sealed class StoredCorruptions(string folder)
{
    private readonly CorruptedImages _images = new(new CorruptionsOptions { Stored = folder }, TtaCheck.Key);

    /// <summary>Opens the images of a corruption, as many as the audited ones.</summary>
    /// <exception cref="AuditException">The stored set lacks the corruption, or has other images than the audited ones.</exception>
    public Cell Open(Corruption corruption, IDataset audited)
    {
        try
        {
            return _images.Open(CorruptionCatalog.Find(corruption.Kind), corruption.Severity, audited);
        }
        catch (AuditException e)
        {
            throw new AuditException($"checks.tta.stored: {e.Message}", e.ExitCode, e);
        }
    }

    /// <summary>Which images of the set a corruption's are, as <see cref="Read"/> finds it in the evidence later.</summary>
    /// <param name="context">The check under way.</param>
    /// <param name="corruption">The corruption.</param>
    /// <param name="cell">Its cell, opened.</param>
    public CellImages Record(CheckContext context, Corruption corruption, Cell cell)
    {
        CellImages images = _images.Identify(cell, context);
        if (context.Share.SeesAll)
        {
            context.Evidence.WriteFact(Fact(corruption), images.Option);
        }

        return images;
    }

    /// <summary>Which images were read; empty where they are made.</summary>
    public static string Read(EvidenceStore evidence, IPerturbation perturbation)
        => perturbation is Corruption ? evidence.Fact(Fact(perturbation)) ?? "" : "";

    private static string Fact(IPerturbation perturbation) => $"tta/stored/{perturbation.Name}";
}
