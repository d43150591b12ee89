using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Imaging.Corruptions;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>What each variant of test-time augmentation is worth, and what it costs in model calls.</summary>
public sealed class TtaAnalysis(TtaOptions options) : IAnalysis
{
    private const string Check = "tta";

    private static readonly MethodText s_text = MethodText.Of<TtaAnalysis>();

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        TtaPlan plan = TtaCheck.Plan(evidence, options);
        long seed = AuditSeed.Read(evidence);
        IReadOnlyList<TtaVariant> variants = plan.Variants(plan.Best(evidence, evidence.Labels()));
        MeasuredVariant[] measured = [.. variants.Select(variant => MeasuredVariant.Read(evidence, plan, variant, seed))];
        var metta = plan.Metta is { } views ? MettaAnalysis.Analyse(evidence, views, options.Metta, plan.Judged, confidence) : ([], []);
        return new Section
        {
            Check = Check,
            Title = "Test-time augmentation",
            Summary = Summary(measured, plan),
            Method = Method(evidence, plan, measured, confidence),
            Findings =
            [
                .. measured.Select(m => Gate.Judge(Check, "accuracy", m.Subject, m.Last.Correct, options.MinAccuracy, confidence)),
                .. measured.Select(m => Gate.Judge(Check, "calibrated log-likelihood", m.Subject, m.Last.Calibrated,
                    options.MinCalibratedLogLikelihood, confidence)),
                .. measured.Where(m => !m.Variant.IsCentral).Select(m => Gain(m, measured, confidence)),
                .. PairAnalysis.Analyse(options.Pairs, measured, seed, confidence),
                .. PairAnalysis.MeanErrors(measured, confidence),
                .. metta.Findings,
            ],
            Charts =
            [
                .. measured.GroupBy(m => m.Variant.Under?.Name).SelectMany(group => Charts(group.Key, [.. group])),
                .. metta.Charts,
            ],
            Examples = [.. plan.Policies.SelectMany(policy => PolicyPictures.Read(evidence, policy))],
            Tables = [Overview(measured), .. plan.Grid.Count > 0 ? [GridTable(evidence, plan)] : Array.Empty<Table>()],
        };
    }

    // The policies whose files do not say which images they were searched on.
    private static string Unknown(TtaPlan plan)
        => WordList.Of([.. plan.Policies.Where(policy => policy.Policy.SearchedOn is null).Select(policy => policy.Key)]);

    private static MeasuredVariant CentralOf(MeasuredVariant of, MeasuredVariant[] measured) => measured.Single(m =>
        m.Variant.IsCentral && m.Variant.Under?.Name == of.Variant.Under?.Name);

    // Paired: the same images without augmentation, by the audited model alone.
    private static Finding Gain(MeasuredVariant m, MeasuredVariant[] measured, double confidence)
    {
        (bool With, bool Without)[] images = [.. m.Last.IsCorrect.Zip(CentralOf(m, measured).Last.IsCorrect)];
        int gained = images.Count(image => image.With && !image.Without);
        int lost = images.Count(image => !image.With && image.Without);
        return new Finding
        {
            Check = Check,
            Metric = "accuracy gain over central",
            Subject = m.Subject,
            Estimate = (double)(gained - lost) / images.Length,
            Interval = Tango.Interval(gained, lost, images.Length, confidence),
            Method = $"Tango {NumberText.ExactPercent(confidence)}, paired",
            Count = images.Length,
        };
    }

    private static string Summary(MeasuredVariant[] measured, TtaPlan plan)
    {
        MeasuredVariant[] clean = [.. measured.Where(m => m.Variant.Under is null)];
        MeasuredVariant central = clean[0];
        MeasuredVariant best = clean.MaxBy(m => m.Last.Calibrated.Value)!;
        return $"Each of {NumberText.Count(plan.Judged.Count)} images was predicted "
            + (measured.Any(m => m.Variant.Views is not Central) ? "from several augmented samples of it, the probabilities being averaged. " : "as it is. ")
            + $"Without augmentation {NumberText.Percent(central.Last.Correct.Estimate)} are classified correctly, with a calibrated "
                + $"log-likelihood of {NumberText.Fixed(central.Last.Calibrated.Value, 4)}. "
            + (best == central ? "No variant has a better one." :
                $"The best has {best.Variant.Method}: {NumberText.Fixed(best.Last.Calibrated.Value, 4)}, and "
                    + $"{NumberText.Percent(best.Last.Correct.Estimate)} correct, at "
                    + $"{best.Calls} an image.")
            + (Unknown(plan) is { Length: > 0 } unknown
                ? $" Which images {unknown} was searched on is not known: if these are among them, it looks better here than it is." : "");
    }

    private string[] Method(EvidenceStore evidence, TtaPlan plan, MeasuredVariant[] measured, double confidence) =>
    [
        s_text.Paragraph("averaging"),
        .. measured.Select(m => m.Variant.Views).DistinctBy(views => views.Name).Select(views => $"{views.Name}: {views.Description}."),
        .. plan.Grid.Count > 0 || options.Policies.Count > 0 ? [s_text.Paragraph("operators")] : Array.Empty<string>(),
        .. plan.Grid.Count == 0 ? Array.Empty<string>() : [s_text.Paragraph("magnitude", ("images", NumberText.Count(plan.SearchPart.Count)))],
        .. plan.Policies.Any(policy => policy.Policy.SearchedOn is not null) ? [s_text.Paragraph("policies")] : Array.Empty<string>(),
        .. Unknown(plan) is { Length: > 0 } unknown ? [s_text.Paragraph("unknown-policies", ("policies", unknown))] : Array.Empty<string>(),
        .. options.Members.Count == 0 ? Array.Empty<string>() :
        [
            s_text.Paragraph(
                "ensemble", ("models", options.Members.Count + 1), ("members", string.Join("; ", options.Members.Zip(
                    TtaCheck.Members(evidence), (path, digest) => $"{Path.GetFileName(path)}, SHA-256 {digest}")))),
        ],
        .. options.Under.Select(perturbation => s_text.Paragraph(
            "under", ("perturbation", perturbation.Name),
            ("description", options.Stored is { } stored && perturbation is Corruption
                ? $"read from the stored set {Path.GetFileName(stored)}." : perturbation.Description))),
        .. options.Adapt is { } adapt ? Adaptation(adapt, plan) : [],
        .. plan.Metta is null ? Array.Empty<string>() : [s_text.Paragraph("mean-embeddings", ("images", ProbeImages.Read(evidence).Name))],
        s_text.Paragraph("calibrated-log-likelihood", ("splits", CalibratedLogLikelihood.Splits)),
        .. options.Pairs.Count == 0 ? Array.Empty<string>() : [s_text.Paragraph("pairs", ("resamples", Bootstrap.Resamples))],
        .. options.Under.OfType<Corruption>().Count() < 2 ? Array.Empty<string>() : [s_text.Paragraph("mean-corruption-error")],
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
    ];

    private static IEnumerable<string> Adaptation(AdaptationOptions adapt, TtaPlan plan)
    {
        int batches = AdaptationPass.Batches(plan.Judged, adapt.Batch, 0).Count();
        yield return s_text.Paragraph("adaptation", ("images", NumberText.Count(plan.Judged.Count)), ("batches", batches), ("batch", adapt.Batch));
        foreach (Adaptation method in adapt.Methods)
        {
            yield return method switch
            {
                BatchNormAdaptation batchNorm => s_text.Paragraph("batch-norm-adaptation", ("name", batchNorm.Name), ("n", batchNorm.SourceImages)),
                TentAdaptation tent => s_text.Paragraph(
                    "tent", ("name", tent.Name), ("optimiser", tent.Optimiser == TentOptimiser.Adam ? "Adam" : "gradient descent with momentum 0.9"),
                    ("rate", tent.Rate)),
                _ => throw new InvalidOperationException(method.Name),
            };
        }
    }

    private IEnumerable<Chart> Charts(string? under, MeasuredVariant[] measured)
    {
        string where = under is null ? "" : $" under {under}";
        yield return Chart("Accuracy", true, point => point.Correct.Estimate!.Value, options.MinAccuracy?.Value);
        yield return Chart("Log-likelihood", false, point => point.LogLikelihood.Value, null);
        yield return Chart("Calibrated log-likelihood", false, point => point.Calibrated.Value, options.MinCalibratedLogLikelihood?.Value);

        Chart Chart(string metric, bool percent, Func<MeasuredPoint, double> value, double? reference)
        {
            // A series of a single point is drawn as a horizontal line.
            double[] ends = [measured.Min(m => m.Points[0].Samples), measured.Max(m => m.Points[^1].Samples)];
            return new()
            {
                Title = $"{metric}{where}, by number of model calls",
                Kind = ChartKind.Line,
                XLabel = "model calls an image",
                YLabel = metric,
                LogX = true,
                Percent = percent,
                Reference = reference,
                Series = [.. measured.Select(m => new ChartSeries
                {
                    Name = m.Variant.Method,
                    X = m.Points.Length == 1 ? ends : [.. m.Points.Select(point => (double)point.Samples)],
                    Y = m.Points.Length == 1 ? [.. ends.Select(_ => value(m.Points[0]))] : [.. m.Points.Select(value)],
                })],
            };
        }
    }

    private static Table Overview(MeasuredVariant[] measured) => new(
        "Every variant at its largest number of samples",
        ["Variant", "Model calls", "Accuracy", "Log-likelihood", "Calibrated log-likelihood"],
        [
            .. measured.Select(m => new[]
            {
                m.Variant.Label,
                m.Cost,
                NumberText.Percent(m.Last.Correct.Estimate),
                NumberText.Fixed(m.Last.LogLikelihood.Value, 4),
                NumberText.Fixed(m.Last.Calibrated.Value, 4),
            }),
        ]);

    private static Table GridTable(EvidenceStore evidence, TtaPlan plan) => new(
        $"Grid search of RandAugment on {NumberText.Count(plan.SearchPart.Count)} images that are not judged",
        ["Variant", "Calibrated log-likelihood"],
        [.. plan.Grid.Select(variant => new[] { variant.Method, NumberText.Fixed(plan.Score(evidence, variant, evidence.Labels()), 4) })]);
}
