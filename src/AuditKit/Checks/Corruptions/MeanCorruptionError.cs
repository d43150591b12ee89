using AuditKit.Statistics;

namespace AuditKit.Checks.Corruptions;

/// <summary>
/// mCE: the mean over corruptions of CE_c = E_c / E_c(reference), E_c the error averaged over severities (Hendrycks and
/// Dietterich 2019). Its interval is that of its linearisation: image i, with shares a_ic and b_ic of wrong answers of
/// model and reference, contributes mean_c [ CE_c + (a_ic − CE_c·b_ic) / E_c(reference) ], whose mean over images is the
/// mCE. For a reference whose errors are given, b_ic is its error, and the linearisation is exact.
/// </summary>
/// <param name="Ratios">CE_c, corruption by corruption.</param>
/// <param name="ReferenceErrors">E_c(reference).</param>
/// <param name="Mean">The mCE over images; of no images where the reference never errs under a corruption, so that no ratio exists.</param>
internal sealed record MeanCorruptionError(double[] Ratios, double[] ReferenceErrors, Mean Mean)
{
    /// <summary>Against a reference that was run on the same images.</summary>
    public static MeanCorruptionError Of(IReadOnlyList<CorruptionErrors> model, IReadOnlyList<CorruptionErrors> reference)
        => Of(model, [.. reference.Select(errors => errors.Mean.Value)], (c, image) => reference[c].Shares[image]);

    /// <summary>Against a reference whose errors are given.</summary>
    public static MeanCorruptionError Of(IReadOnlyList<CorruptionErrors> model, double[] reference)
        => Of(model, reference, (c, _) => reference[c]);

    private static MeanCorruptionError Of(IReadOnlyList<CorruptionErrors> model, double[] reference, Func<int, int, double> share)
    {
        double[] ratios = [.. model.Zip(reference, (errors, unit) => errors.Mean.Value / unit)];
        IEnumerable<int> images = reference.Contains(0) ? [] : Enumerable.Range(0, model[0].Shares.Length);
        return new MeanCorruptionError(ratios, reference, Mean.Of(images.Select(image =>
            Enumerable.Range(0, model.Count).Average(c => ratios[c] + ((model[c].Shares[image] - (ratios[c] * share(c, image))) / reference[c])))));
    }
}
