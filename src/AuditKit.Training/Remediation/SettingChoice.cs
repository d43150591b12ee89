using AuditKit.Training.Loop;

namespace AuditKit.Training.Remediation;

/// <summary>
/// The choice between a method's settings, by the rule that the recipe chooses epochs by, on the same validation images: the
/// means over the choosing seeds are compared. At a tie the earlier setting stays.
/// </summary>
internal static class SettingChoice
{
    /// <summary>All settings, one of them chosen; none where training diverged with every one.</summary>
    /// <param name="row">The method.</param>
    /// <param name="rule">Which of two scores is preferred.</param>
    /// <param name="seeds">The choosing seeds.</param>
    /// <param name="validate">Trains a setting with a seed, and gives what the model scores.</param>
    /// <exception cref="AuditException">A model cannot be trained.</exception>
    public static IReadOnlyList<TriedSetting> Of(
        MethodRow row, ModelSelection rule, IReadOnlyList<long> seeds, Func<IReadOnlyList<string>, long, ValidationScore> validate)
    {
        TriedSetting[] tried = [.. row.Settings.Select(setting => new TriedSetting(setting, Validate(setting, seeds, validate), IsChosen: false))];
        int[] converged = [.. tried.Index().Where(setting => setting.Item.Validation is not null).Select(setting => setting.Index)];
        int best = converged.Length == 0 ? -1 : converged[rule.Best([.. converged.Select(i => tried[i].Validation!.Value)])];
        return [.. tried.Select((setting, i) => setting with { IsChosen = i == best })];
    }

    // A setting that diverges is no failure of the table: grids reach to where nothing can be learnt.
    private static ValidationScore? Validate(
        IReadOnlyList<string> setting, IReadOnlyList<long> seeds, Func<IReadOnlyList<string>, long, ValidationScore> validate)
    {
        try
        {
            return ValidationScore.Mean([.. seeds.Select(seed => validate(setting, seed))]);
        }
        catch (TrainingDivergedException)
        {
            return null;
        }
    }
}
