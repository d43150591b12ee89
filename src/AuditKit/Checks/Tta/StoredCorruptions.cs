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
    private readonly CorruptedImages _images = new(new CorruptionsOptions { Stored = folder });

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

    /// <summary>Keeps which images of the set were read.</summary>
    public void Record(CheckContext context, Corruption corruption)
    {
        using Cell cell = Open(corruption, context.Data);
        context.Evidence.WriteFact(Fact(corruption), _images.Condition(cell, context).Options[CorruptedImages.ImagesOption]);
    }

    /// <summary>Which images were read; empty where they are made.</summary>
    public static string Read(EvidenceStore evidence, IPerturbation perturbation)
        => perturbation is Corruption ? evidence.Fact(Fact(perturbation)) ?? "" : "";

    private static string Fact(IPerturbation perturbation) => $"tta/stored/{perturbation.Name}";
}
