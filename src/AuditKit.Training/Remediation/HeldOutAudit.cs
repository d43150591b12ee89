using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Checks.Accuracy;
using AuditKit.Checks.Calibration;
using AuditKit.Checks.Corruptions;
using AuditKit.Checks.DomainShift;
using AuditKit.Checks.SimBa;
using AuditKit.Checks.Subgroups;
using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>
/// The part of an audit that a plan addresses, of any model, on images that are held out of the training data. Sets of shifted images are the
/// audited ones, and stored corruptions are of audited images, so neither is looked at. Where shifted sets are all that a plan addresses, corruptions that
/// are made of the held-out images stand in for them.
/// </summary>
internal sealed class HeldOutAudit
{
    private readonly AuditSpec _spec;
    private readonly string[] _overrides;
    private readonly ICheckOptions[] _checks;
    private readonly Device _device;
    private readonly int _threads;

    // Whether corruptions stand in for shifted sets.
    private readonly bool _standsIn;

    /// <summary>Opens the held-out images, to know what they can be cut by.</summary>
    /// <param name="spec">The audit that failed.</param>
    /// <param name="plan">What is addressed.</param>
    /// <param name="split">The recipe whose held-out part is meant.</param>
    /// <param name="device">Where models run.</param>
    /// <param name="threads">Threads that run them.</param>
    /// <exception cref="AuditException">The training data cannot be opened, or a group has too few images to hold one back.</exception>
    public HeldOutAudit(AuditSpec spec, RemedyPlan plan, string split, Device device, int threads)
    {
        (_spec, _device, _threads) = (spec, device, threads);
        string part = new JsonObject { ["recipe"] = split, ["part"] = "held-out" }.ToJsonString();
        _overrides = [.. spec.Overrides, $"data={part}"];
        using IDataset data = DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("data", part), spec.Folder));
        Data = $"{data.Count} images held out of the training data ({data.Name})";
        // Besides what is addressed, what costs no more than the predictions that are made anyway: a remedy may ruin it.
        HashSet<string> asked = [.. plan.Addressed.Select(finding => finding.Check), SubgroupsOptions.Check.Key, CalibrationOptions.Check.Key];
        _standsIn = plan.Addressed.All(finding => finding.Check == DomainShiftOptions.Check.Key);
        if (_standsIn)
        {
            Data += ", where generated corruptions stand in for the shifted images";
        }

        _checks =
        [
            .. spec.Checks.Where(check => asked.Contains(check.Descriptor.Key) && check is not (DomainShiftOptions or AccuracyOptions))
                .Select(check => ForOtherImages(check, data)),
            spec.Checks.OfType<AccuracyOptions>().FirstOrDefault() ?? new AccuracyOptions(),
            // Whatever the spec asks of corruptions: every trial takes its time for these.
            .. _standsIn ? [new CorruptionsOptions { Severities = [3] }] : Array.Empty<ICheckOptions>(),
        ];
    }

    /// <summary>The images, in words.</summary>
    public string Data { get; private set; }

    /// <summary>Whether these images have none of the attributes that the audit cuts by, so that their groups are the classes alone.</summary>
    public bool HasClassesAlone { get; private set; }

    /// <summary>Audits a model.</summary>
    /// <param name="what">What was tried.</param>
    /// <param name="epochs">Epochs it was trained.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="folder">Where evidence goes; what is there is gone on from.</param>
    /// <param name="before">The failed model's accuracy on these images; null for that model itself.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops; what was measured is kept.</param>
    /// <exception cref="AuditException">The audit cannot be done, or one of its checks broke.</exception>
    public MitigationTrial Measure(
        string what, int epochs, string model, string folder, double? before, Action<string, long, long> progress, CancellationToken cancellation)
    {
        AuditSpec spec = AuditSpec.Load(
            Path.Combine(_spec.Folder, Path.GetFileName(_spec.File)),
            [.. _overrides, SpecMap.Assignment("model.path", Path.GetRelativePath(_spec.Folder, model))]) with
        {
            Baseline = null,
            Checks = _checks,
        };
        AuditResult result = Audit.Run(
            spec, new ModelFiles(_device, _threads), new AuditOptions { Folder = folder, Threads = _threads }, progress, cancellation);
        // Without a check's findings its gates would seem to pass.
        if (result.Sections.FirstOrDefault(section => section.Error is not null) is { } broken)
        {
            throw new AuditException($"The check {broken.Check} cannot be measured on {Data}: {broken.Error}", ExitCode.Error);
        }

        double accuracy = result.Findings.First(finding => finding is { Check: "accuracy", Metric: "accuracy" }).Estimate ?? 0;
        Finding[] gated = [.. result.Findings.Where(finding => finding.Outcome != GateOutcome.NotGated && finding.Check != Doubt.Check)];
        return new MitigationTrial
        {
            Method = what,
            Epochs = epochs,
            Accuracy = accuracy,
            CorruptedAccuracy = _standsIn ? 1 - result.Findings.First(finding => finding is { Check: "corruptions", Metric: "mean corruption error" }).Estimate : null,
            Findings = [.. gated.Select(FindingBefore.Of)],
            Shortfall = TrialOrder.Shortfall(gated, accuracy, before ?? accuracy),
        };
    }

    // Training data may lack the attributes that the audited data has.
    private ICheckOptions ForOtherImages(ICheckOptions check, IDataset data)
    {
        if (check is CorruptionsOptions corruptions)
        {
            return corruptions with { Stored = null };
        }

        if (check is not SubgroupsOptions groups)
        {
            check = check switch
            {
                CalibrationOptions calibration => calibration with { By = Fitting(calibration.By, data) },
                SimBaOptions simba => simba with { By = Fitting(simba.By, data) },
                _ => check,
            };
            check.Bind(data.Attributes);
            return check;
        }

        // A fifth of the training data has small groups, which are the ones that a remedy is for: candidates are compared by all of them.
        groups = groups with
        {
            By = Fitting(groups.By, data),
            MinSize = 1,
            TrainShares = new Dictionary<string, IReadOnlyDictionary<string, double>>(),
        };
        if (groups.HardGroup is not { } hard || HasGroup(data, hard))
        {
            return groups;
        }

        // Brightness is cut elsewhere on other images, and its slices have other names.
        Data += $", by the worst group, for there is no group '{hard}' among them";
        return groups with { HardGroup = null, MinHard = null, MinWorst = groups.MinWorst ?? groups.MinHard };
    }

    // By class alone where the images do not have the attributes.
    private Groupings Fitting(Groupings by, IDataset data)
    {
        try
        {
            by.Bind(data.Attributes);
            return by;
        }
        catch (AuditException)
        {
            Data += HasClassesAlone ? "" : ", by class alone, for they do not have the attributes of the audited images";
            HasClassesAlone = true;
            return new Groupings(Factor.Class);
        }
    }

    private static bool HasGroup(IDataset data, string group)
    {
        string[] parts = group.Split(Grouping.Cross);
        return Enumerable.Range(0, data.Count).Any(image => parts.All(part
            => part == ImageGroups.Name(data.Classes[data.Label(image)], null, "")
                || data.Attributes.Any(attribute => part == ImageGroups.Name(attribute, data.Attribute(attribute, image)))));
    }
}
