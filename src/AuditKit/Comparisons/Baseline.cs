using System.Text.Json;
using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Files;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Comparisons;

/// <summary>
/// The run that a spec's <c>baseline:</c> names. Its outcomes are copied into the candidate's evidence, so that the
/// comparison can be made again from that evidence alone.
/// </summary>
/// <param name="Run">The baseline's folder as the spec has it.</param>
/// <param name="Margins">By how much the candidate may be worse.</param>
public sealed record Baseline(string Run, Margins Margins)
{
    private const string Fact = "baseline";
    private const int Examples = 8;
    private const int CopiedAtOnce = 10_000;

    private static readonly MethodText s_text = MethodText.Of<Baseline>();

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [new TextKey("run", "The baseline's folder") { IsRequired = true }, .. Margins.Keys];

    /// <summary>Reads <c>{ run: ../runs/old, margin: 0.01 }</c>.</summary>
    /// <exception cref="AuditException">A key is unknown or missing, or a value out of range.</exception>
    public static Baseline Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var baseline = new Baseline(map.Text("run"), Margins.Parse(map));
        map.Finish();
        return baseline;
    }

    /// <summary>Opens its evidence, and refuses a baseline that saw other images.</summary>
    /// <param name="folder">The spec's folder.</param>
    /// <param name="candidate">The candidate's evidence, its images described.</param>
    /// <param name="fingerprint">The candidate's data.</param>
    /// <exception cref="AuditException">There is no finished run in its folder, or it is about other images.</exception>
    internal EvidenceStore Open(string folder, EvidenceStore candidate, DatasetFingerprint fingerprint)
    {
        EvidenceStore evidence = RunFolder.OpenEvidence(Path.GetFullPath(Run, folder));
        try
        {
            RunRecord record = RunRecord.Read(evidence);
            if (record.Errors.Count > 0)
            {
                throw new AuditException($"The baseline {Run} has checks that broke ({WordList.First([.. record.Errors.Keys])}), so that part of what it should "
                    + "be compared by is missing: see its report, and run it again.");
            }

            SameImages.Require(evidence, record.DataSha256, candidate, fingerprint.Sha256);
            return evidence;
        }
        catch
        {
            evidence.Dispose();
            throw;
        }
    }

    /// <summary>Copies what both runs measured, and keeps pictures of images that the candidate loses.</summary>
    /// <param name="baseline">The baseline's evidence.</param>
    /// <param name="candidate">The candidate's evidence, its checks done.</param>
    /// <param name="data">The data, for the pictures.</param>
    /// <param name="transform">From the data's images to the model's input.</param>
    /// <param name="input">The model's input.</param>
    internal static void Copy(EvidenceStore baseline, EvidenceStore candidate, IDataset data, Imaging.InputTransform transform, InputShape input)
    {
        RunRecord record = RunRecord.Read(baseline);
        string digest = baseline.Digest();
        (RunOutcomes before, RunOutcomes after) = (new(baseline, ""), new(candidate, ""));
        var source = new Source(record.ModelSha256, digest, before.Measured, ImageCodecs.Of(record.Provenance), before.AttackedModel);
        candidate.WriteFact(Fact, JsonSerializer.Serialize(source));
        Copy(before, candidate, after, digest);
        foreach ((string dataset, (_, RunOutcomes outcomes)) in after.ShiftedSets())
        {
            Copy(before.On(dataset), candidate.Of(dataset), outcomes, digest);
        }

        float[] pixels = new float[input.Length];
        foreach (int image in Pair(candidate, source).LostImages().Take(Examples))
        {
            InputImage.Load(data, transform, image, pixels);
            candidate.WriteExample(Condition.Clean.From(digest), image, ChangedAnswer.Original, InputImage.From(pixels, input));
        }
    }

    /// <summary>The comparison, from the candidate's evidence alone.</summary>
    /// <param name="candidate">The candidate's evidence.</param>
    /// <param name="jpegCodec">What decoded the candidate's JPEG files; null where its record does not say.</param>
    /// <param name="groups">The groups of the images that are compared too.</param>
    /// <param name="notPaired">What the candidate's checks measure that cannot be compared.</param>
    /// <param name="confidence">The level of intervals and bounds.</param>
    internal Section Compare(EvidenceStore candidate, string? jpegCodec, IReadOnlyList<GroupIndex> groups, IReadOnlyList<Unpaired> notPaired, double confidence)
    {
        Source source = candidate.Fact(Fact) is { } text
            ? StoredJson.Read<Source>(text, "record of its baseline")
            : throw new AuditException("The evidence has no baseline: run the audit to its end first.");
        Section section = Pair(candidate, source).Compare(Margins, groups, notPaired, confidence)
            .WithNote(ImageCodecs.Difference(source.JpegCodec, jpegCodec));
        return section with
        {
            Method = [.. section.Method, s_text.Paragraph("baseline", ("model", source.Model), ("evidence", source.Evidence))],
        };
    }

    private static void Copy(RunOutcomes baseline, EvidenceStore candidate, RunOutcomes measured, string origin)
    {
        foreach (Condition condition in baseline.Conditions.Intersect(measured.Conditions))
        {
            foreach (Prediction[] batch in baseline.Predictions(condition).Values.Chunk(CopiedAtOnce))
            {
                candidate.Write(condition.From(origin), batch);
            }

            foreach (AttackOutcome[] batch in baseline.Attacks(condition).Values.Chunk(CopiedAtOnce))
            {
                candidate.Write(condition.From(origin), batch);
            }
        }
    }

    private static PairedRuns Pair(EvidenceStore candidate, Source source)
        => new(
            candidate.Classes, new RunOutcomes(candidate, source.Evidence) { Measured = source.Measured, AttackedModel = source.AttackedModel },
            new RunOutcomes(candidate, ""));

    /// <summary>Where copied outcomes came from, all conditions that were measured there, what decoded JPEG files, and what was attacked.</summary>
    private sealed record Source(
        string Model, string Evidence, IReadOnlyList<MeasuredCondition> Measured, string? JpegCodec = null, string? AttackedModel = null);
}
