using AuditKit.Checks.Accuracy;
using AuditKit.Checks.Calibration;
using AuditKit.Checks.Corruptions;
using AuditKit.Checks.DomainShift;
using AuditKit.Checks.NearDuplicates;
using AuditKit.Checks.SimBa;
using AuditKit.Checks.Stability;
using AuditKit.Checks.Subgroups;
using AuditKit.Checks.Tta;
using AuditKit.Checks.Weights;
using AuditKit.Checks.WhiteBox;
using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>The checks that a spec can ask for.</summary>
public sealed class CheckCatalog
{
    /// <summary>A catalogue of these checks.</summary>
    /// <exception cref="ArgumentException">Two have the same key.</exception>
    public CheckCatalog(IEnumerable<CheckDescriptor> checks)
    {
        Checks = [.. checks];
        if (Checks.DistinctBy(check => check.Key).Count() < Checks.Count)
        {
            throw new ArgumentException("Two checks have the same key.", nameof(checks));
        }
    }

    /// <summary>The checks that come with AuditKit; a check is added to them by a line here.</summary>
    public static CheckCatalog Standard { get; } = new(
    [
        AccuracyOptions.Check,
        SubgroupsOptions.Check,
        DomainShiftOptions.Check,
        CorruptionsOptions.Check,
        StabilityOptions.Check,
        NearDuplicatesOptions.Check,
        WeightsOptions.Check,
        WhiteBoxOptions.Check,
        CalibrationOptions.Check,
        SimBaOptions.Check,
        TtaOptions.Check,
    ]);

    /// <summary>The checks.</summary>
    public IReadOnlyList<CheckDescriptor> Checks { get; }

    /// <summary>These checks and one more.</summary>
    /// <exception cref="ArgumentException">Its key is taken.</exception>
    public CheckCatalog With(CheckDescriptor check) => new([.. Checks, check]);

    /// <summary>A check by its key; null where there is none.</summary>
    public CheckDescriptor? Find(string key) => Checks.FirstOrDefault(check => check.Key == key);

    /// <summary>The checks of a spec, in its order.</summary>
    /// <param name="map">The mapping under <c>checks</c>: a key a check, its options below.</param>
    /// <param name="folder">The spec's folder, which relative paths start from.</param>
    /// <exception cref="AuditException">An unknown check or option, or options that contradict each other; the message has line, column and
    /// the nearest valid key.</exception>
    public IReadOnlyList<ICheckOptions> Parse(SpecMap map, string folder)
    {
        ArgumentNullException.ThrowIfNull(map);
        Dictionary<string, SpecMap?> blocks = Checks.ToDictionary(check => check.Key, check => map.OptionalMap(check.Key));
        map.Finish();
        ICheckOptions[] asked = [.. map.Keys.Select(key => Find(key)!.Parse(blocks[key]!, folder))];
        return asked.Length > 0
            ? asked
            : throw map.Error("", $"'{map.Path}' asks for no check. Valid keys: {string.Join(", ", blocks.Keys)}.");
    }
}
