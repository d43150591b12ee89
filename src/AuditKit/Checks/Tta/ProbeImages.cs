using System.Text.Json;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;

namespace AuditKit.Checks.Tta;

/// <summary>The training images that the linear probe of mean embeddings is fitted on, as the evidence keeps them.</summary>
/// <param name="Dataset">Their name in the evidence.</param>
/// <param name="Name">What the data calls itself.</param>
internal sealed record ProbeImages(string Dataset, string Name)
{
    private const string Fact = "tta/probe";

    /// <summary>Refuses data that the probe cannot be fitted on.</summary>
    /// <exception cref="AuditException">It cannot be read, has other classes, images that do not fit the model, or audited ones.</exception>
    public static void Validate(DataSpec spec, IDataset audited, InputTransform transform)
    {
        using IDataset data = Open(spec, audited, Environment.ProcessorCount);
        Explain(() =>
        {
            transform.RequireFit(data.Load(0));
            return data;
        });
    }

    /// <summary>Keeps the embeddings of the training images: central ones, and means over the samples of <paramref name="metta"/>.</summary>
    /// <param name="context">The check under way.</param>
    /// <param name="spec">The training images.</param>
    /// <param name="metta">The samples.</param>
    public static void Measure(CheckContext context, DataSpec spec, TtaVariant metta)
    {
        using IDataset data = Open(spec, context.Data, context.Threads);
        FurtherData opened = context.Share.Open(context, data, Fact);
        if (opened.Identity is { } identity)
        {
            context.Evidence.WriteFact(Fact, JsonSerializer.Serialize(new ProbeImages(identity.Name, data.Name)));
        }

        CheckContext there = context with
        {
            Data = data,
            Evidence = opened.Evidence,
            Progress = step => context.Progress(step with { Condition = $"{step.Condition}, the probe's images" }),
        };
        InferencePass.RunClean(there);
        TtaPass.Run(there, [(metta, [context.Model])], [.. Enumerable.Range(0, data.Count)], keepEmbeddings: true);
        opened.RequireUnchanged();
    }

    /// <summary>What was kept.</summary>
    /// <exception cref="AuditException">The images were never measured.</exception>
    public static ProbeImages Read(EvidenceStore evidence) => evidence.Fact(Fact) is { } text
        ? StoredJson.Read<ProbeImages>(text, "record of the probe's images")
        : throw new AuditException("The evidence has nothing about the probe's images: run the audit to its end first.", ExitCode.Error);

    private static IDataset Open(DataSpec spec, IDataset audited, int threads)
    {
        IDataset data = Explain(() => DatasetCatalog.Open(spec));
        try
        {
            return Explain(() => data.Classes.SequenceEqual(audited.Classes) ? RequireOthers(data, audited, threads) : throw new AuditException(
                $"{data.Name} has the classes {string.Join(", ", data.Classes)}, not the audited data's {string.Join(", ", audited.Classes)}. "
                + "Name them under 'classes', in the model's order."));
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static IDataset RequireOthers(IDataset data, IDataset audited, int threads)
    {
        if (ImageDigests.Of(data, threads).Shared(ImageDigests.Of(audited, threads)) is > 0 and var shared)
        {
            throw new AuditException($"{NumberText.Count(shared)} of the images of {data.Name} are audited ones. A probe is fitted on images that it is "
                + "not judged on: name training images.");
        }

        return data;
    }

    private static T Explain<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AuditException e)
        {
            throw e.Of("checks.tta.probe");
        }
    }
}
