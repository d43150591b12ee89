using AuditKit.Checks;
using AuditKit.Checks.DomainShift;
using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Statistics;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>From an audit that failed to a trained model and the audit of that: plan, train, audit again, compare.</summary>
public sealed class RemedyRun
{
    /// <summary>The audit of the new model, below the remedy's folder.</summary>
    public const string AuditFolder = "audit";

    private const string TrialFolder = "trials";

    // Says that a remedy works in this folder, whose files it may write over.
    private const string Marker = ".remedy";

    private static readonly string[] s_written = [TrainingRun.ModelFile, RemedyRecipe.FileName, ModelCard.FileName, TrainingRecord.FileName];

    /// <summary>
    /// By how much the new model may be worse than the failed one: 2 % of accuracy under any condition, 2 % of flips, 5 % of
    /// attacks' success, which few images measure (our choice); a margin is not met where nothing of its kind was measured.
    /// </summary>
    private static readonly (string Margin, ConditionKind[] Of)[] s_margins =
    [
        ("baseline.margin=0.02", [ConditionKind.Clean]),
        ("baseline.flip-margin=0.02", [ConditionKind.Perturbed, ConditionKind.Corrupted]),
        ("baseline.attack-margin=0.05", [ConditionKind.Attacked]),
    ];

    private readonly string _failedRun;
    private readonly AuditSpec _spec;
    private readonly IReadOnlyList<PlannedCheck> _checks;
    private readonly RemedySpec _remedy;
    private readonly RunRecord _record;
    private readonly HashSet<ConditionKind> _measured;
    private readonly AuditResult _failed;

    /// <summary>Reads a finished run and what its spec says of remedies.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="specFile">The spec's file; null for the one that the run names.</param>
    /// <exception cref="AuditException">
    /// The run has not finished, its spec is not there any more or says something else now, or its model cannot be trained.
    /// </exception>
    public RemedyRun(string run, string? specFile)
    {
        _failedRun = Path.GetFullPath(run);
        using EvidenceStore evidence = RunFolder.OpenEvidence(run);
        _record = RunRecord.Read(evidence);
        _measured = [.. evidence.Conditions.Select(condition => condition.Kind)];
        string file = specFile ?? _record.SpecFile;
        if (!File.Exists(file))
        {
            throw new AuditException($"The run's spec {file} is not there. Start in the folder that the audit was started in, or give --spec.");
        }

        _spec = AuditSpec.Load(file, _record.Overrides);
        // The remedy: block, thresholds and words may have changed; model and data are checked when they are opened.
        _remedy = RemedySpec.Parse(_spec);
        _failed = Judgement.Of(evidence, _spec.Folder);
        _checks = [.. _spec.Checks.Select(options => options.Bind(_record.Attributes))];
        if (_spec.Model.IsTorchScript)
        {
            throw new AuditException($"{_spec.Model.Path} is TorchScript, which can be audited but not trained. Export the model to ONNX.");
        }

        if (ModelDescription.Read(_spec.Model.Path).Sha256 != _record.ModelSha256)
        {
            throw new AuditException($"{_spec.Model.Path} is not the model that failed: its SHA-256 has changed. Run the audit again.");
        }
    }

    /// <summary>What the run's gates say in all.</summary>
    public GateOutcome Verdict => _failed.Verdict;

    /// <summary>The methods that fit what failed, or the one that the spec asks for; null where nothing failed.</summary>
    /// <param name="device">Where they will be trained.</param>
    /// <exception cref="AuditException">The training data cannot be read, or none of the methods fits.</exception>
    public RemedyPlan? Plan(Device device)
    {
        var plan = RemedyPlan.For(
            [.. _failed.Findings], _checks, attributes => Situation(attributes, device),
            _remedy.Method is { } chosen ? new RemedyCandidate(chosen.Text("name"), chosen) : null);
        return plan is null ? null : plan with
        {
            // What the spec says of the optimiser may make two candidates one.
            Candidates = [.. plan.Candidates.Select(candidate => candidate.With(_remedy)).DistinctBy(candidate => candidate.ToString())],
        };
    }

    private RemedySituation Situation(IReadOnlyList<string> failing, Device device)
    {
        using IDataset data = _remedy.Open(_spec);
        string? attribute = _remedy.GroupAttribute ?? failing.FirstOrDefault(data.Attributes.Contains);
        ILookup<string, int> groups = ImageGroups.Of(data, attribute);
        IGrouping<string, int> smallest = groups.MinBy(group => group.Count())!;
        var classifier = ClassifierGraph.Of(OnnxFile.Read(_spec.Model.Path), _spec.Model.Options(device, threads: 1));
        return new RemedySituation(
            attribute, (smallest.Count(), smallest.Key), classifier.Embedding is not null, device.Gpu is not null, _remedy.NamesData,
            TrainsEncoder: _remedy.Train != "head")
        {
            Groups = [.. groups.Select(group => group.Key)],
            EmptyGroup = (from name in data.Classes
                          from value in attribute is null ? [""] : Enumerable.Range(0, data.Count).Select(image => data.Attribute(attribute, image)).Distinct()
                          select ImageGroups.Name(name, attribute, value)).FirstOrDefault(name => !groups.Contains(name)),
        };
    }

    /// <summary>Trains by the plan, audits what comes out by the same spec, and compares it with the spec's baseline, or else with the failed model.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="folder">Where <c>model.onnx</c>, its card, record and recipe, and the new audit go. The failed model is not touched.</param>
    /// <param name="budget">The time for trials, where there is something to choose among.</param>
    /// <param name="device">Where to train and audit.</param>
    /// <param name="threads">Threads that run the models.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops; what was finished is gone on from.</param>
    /// <returns>The new audit: what was tried, the comparison, and all checks.</returns>
    /// <exception cref="AuditException">Training or the audit cannot be done.</exception>
    public AuditResult Run(
        RemedyPlan plan, string folder, TimeSpan budget, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string model = Path.Combine(Path.GetFullPath(folder), TrainingRun.ModelFile);
        if (model == _spec.Model.Path || Path.GetFullPath(folder) == _failedRun)
        {
            throw new AuditException($"--out {folder} is where the failed model or its run lies; neither is overwritten. Give another folder.");
        }

        RequireRoom(folder);
        RequireFit(plan, threads, cancellation);
        using IDisposable turn = FolderLock.Take(folder, "remedy");
        AtomicFile.Write(Path.Combine(folder, Marker), $"What lies here is a remedy's, of the run {_failedRun}.\n");
        RemedySearch.Found? found = plan.Candidates.Count > 1
            ? new RemedySearch(_spec, _remedy, plan, Path.Combine(Path.GetFullPath(folder), TrialFolder), device, threads).Run(budget, progress, cancellation)
            : null;
        string how = found is not null ? Keep(found, folder)
            : plan.IsTemperature ? TemperatureScaling.Apply(_spec, _remedy, model, device, threads, progress, cancellation)
            : Train(plan, folder, device, threads, progress, cancellation);
        string[] overrides =
        [
            .. _record.Overrides,
            SpecMap.Assignment("model.path", Path.GetRelativePath(_spec.Folder, model)),
            // A baseline of the spec's own is a gate of it, which the new model has to pass, too.
            .. _spec.Baseline is not null ? Array.Empty<string>() :
            [
                SpecMap.Assignment("baseline.run", Path.GetRelativePath(_spec.Folder, _failedRun)),
                .. s_margins.Where(margin => _measured.Overlaps(margin.Of)).Select(margin => margin.Margin),
            ],
        ];
        var options = new AuditOptions
        {
            Folder = Path.Combine(folder, AuditFolder),
            Threads = threads,
            // What a remedy wrote there before was of another model that it had trained.
            ReplacesOther = true,
            Mitigation = new Mitigation
            {
                Method = found?.Candidate.Method ?? plan.Methods[0],
                Reason = plan.Reason,
                Recipe = how,
                Trials = found?.Trials ?? [],
                Excluded = plan.Excluded,
                TrialData = found?.Data ?? "",
                FailedModel = _record.ModelSha256,
                HasOtherBaseline = _spec.Baseline is not null,
                Before = [.. _failed.Findings.Where(finding => finding.Outcome != GateOutcome.NotGated).Select(FindingBefore.Of)],
            },
        };
        var spec = AuditSpec.Load(Path.Combine(_spec.Folder, Path.GetFileName(_spec.File)), overrides);
        return Audit.Run(spec, new ModelFiles(device, threads), options, progress, cancellation);
    }

    // An audit or a model that somebody made is not overwritten, and that is said before hours are spent.
    private static void RequireRoom(string folder)
    {
        if (File.Exists(Path.Combine(folder, Marker)))
        {
            return;
        }

        string audit = Path.Combine(folder, AuditFolder), file = Path.Combine(audit, RunFolder.EvidenceFile), trials = Path.Combine(folder, TrialFolder);
        if (Directory.Exists(trials) && !File.Exists(Path.Combine(trials, RemedySearch.KeyFile)) && Directory.EnumerateFileSystemEntries(trials).Any())
        {
            throw new AuditException($"{trials} holds files that no remedy wrote, which are not deleted. Give another folder with --out.");
        }

        if (File.Exists(file))
        {
            using var evidence = EvidenceStore.OpenRead(file);
            if (RunRecord.IsIn(evidence) && Mitigation.Read(evidence) is null)
            {
                throw new AuditException($"{audit} holds an audit that no remedy has made, which is not overwritten. Give another folder with --out.");
            }
        }
        else if (s_written.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) is { } foreign)
        {
            throw new AuditException($"{folder} holds a {(foreign == TrainingRun.ModelFile ? "model" : foreign)} that no remedy has made, which is not overwritten. "
                + "Give another folder with --out.");
        }
    }

    // Other classes would be learnt as the audited ones. And a model that has learnt audited images passes an audit of them, and of them alone.
    private void RequireFit(RemedyPlan plan, int threads, CancellationToken cancellation)
    {
        using IDataset training = _remedy.Open(_spec);
        RequireEnough(plan, training);
        ImageDigests? learnt = null;
        // The audited data comes first: the classes of shifted sets are mapped onto its.
        IReadOnlyList<string>? classes = null;
        foreach (DataSpec set in _spec.Checks.OfType<DomainShiftOptions>().SelectMany(check => check.Sets).Select(set => set.Data).Prepend(_spec.Data))
        {
            using IDataset audited = DatasetCatalog.Open(set, classes);
            classes ??= audited.Classes;
            ClassOrder.RequireSame("remedy.data", training, "the audited data", audited.Classes);
            RequireClasses(training, audited);
            learnt ??= ImageDigests.Of(training, threads, cancellation);
            var judged = ImageDigests.Of(audited, threads, cancellation);
            if (judged.Shared(learnt) is > 0 and var shared)
            {
                throw new AuditException($"{NumberText.Count(shared)} of the {NumberText.Count(judged.Count)} audited images of {audited.Name} are among the "
                    + $"training data ({training.Name}): a model that has learnt them would pass an audit of them whatever it is worth. Name others under "
                    + "remedy.data; data.split, data.skip and data.limit divide a set.");
            }
        }
    }

    // A model that is trained on some classes alone forgets the others.
    private static void RequireClasses(IDataset training, IDataset audited)
    {
        int[] missing = [.. Labels(audited).Except(Labels(training)).Order()];
        if (missing.Length > 0)
        {
            throw new AuditException($"remedy.data: {training.Name} has no image of {WordList.First([.. missing.Select(label => $"'{audited.Classes[label]}'")])}, "
                + "by which the model is audited: what is trained on the others alone forgets it. Name images of all classes; data.limit takes the first "
                + "ones of a set, which may stand class by class.");
        }

        static IEnumerable<int> Labels(IDataset data) => Enumerable.Range(0, data.Count).Select(data.Label).Distinct();
    }

    // Some images are held out to compare candidates on, then some more by each candidate: both before what is learnt from.
    private void RequireEnough(RemedyPlan plan, IDataset training)
    {
        const int Fewest = 3;
        if (plan.Candidates.Count < 2)
        {
            return;
        }

        if (ImageGroups.Of(training, _remedy.GroupAttribute ?? plan.Attribute).FirstOrDefault(group => group.Count() < Fewest) is { } few)
        {
            string there = few.Count() == 1 ? "is only 1 image" : $"are only {few.Count()} images";
            throw new AuditException($"remedy.data: there {there} of {few.Key}, but trials need {Fewest}: one to compare candidates on, one to choose by, and "
                + "one to learn from. Name more data, or one method (remedy: { method: … }).");
        }

        double kept = 1 - plan.Candidates.Where(candidate => !candidate.IsLastLayer).Select(candidate => candidate.Validation).DefaultIfEmpty().Max();
        int left = (int)(training.Count * (1 - RemedySpec.HeldOut) * kept);
        if (left < _remedy.Batch && plan.Candidates.Any(candidate => !candidate.IsLastLayer))
        {
            throw new AuditException($"remedy.batch: {_remedy.Batch} images are more than the {left} that are left to learn from once some are held out for "
                + "trials. Make it smaller, or name more data under remedy.data.");
        }
    }

    // The trial's model is the one that was chosen, so it is taken as it is and not trained again.
    private static string Keep(RemedySearch.Found found, string folder)
    {
        foreach (string kept in Directory.GetFiles(found.Folder))
        {
            File.Copy(kept, Path.Combine(folder, Path.GetFileName(kept)), overwrite: true);
        }

        File.AppendAllText(Path.Combine(folder, ModelCard.FileName), "\nThe test images above are those that this method and its settings were chosen by, "
            + "so these figures flatter it: the audit's are of other images.\n");
        string file = Path.Combine(folder, RemedyRecipe.FileName);
        int epochs = Recipe.Load(file, [], MethodCatalog.Key).Epochs;
        if (found.Epochs < epochs)
        {
            File.AppendAllText(file, $"# The model after {found.Epochs} of {epochs} epochs, the best of its trials.\n");
        }

        return File.ReadAllText(file);
    }

    private string Train(RemedyPlan plan, string folder, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, RemedyRecipe.FileName);
        RemedyCandidate candidate = plan.Candidates[0];
        // What an earlier call measured stays: a run whose recipe changed by a digit would begin anew.
        string text = File.Exists(file) && File.ReadAllText(file) is var kept && kept == Text(RemedyRecipe.AccuracyIn(kept)) ? kept
            // Without epochs there is none to choose.
            : Text(candidate.IsLastLayer ? 0
                : AccuracyOf(TrainingSplit.Parse(SpecMap.Parse(file, Text(0)), folder), device, threads, progress, cancellation));
        AtomicFile.Write(file, text);
        var recipe = Recipe.Load(file, [], MethodCatalog.Key);
        if (!TrainingRun.IsDone(recipe, folder))
        {
            // Of another remedy, which gave the model another temperature alone, or was cut off.
            if (!File.Exists(Path.Combine(folder, TrainingRecord.FileName)))
            {
                File.Delete(Path.Combine(folder, TrainingRun.ModelFile));
                File.Delete(Path.Combine(folder, ModelCard.FileName));
            }

            TrainingRun.Run(recipe, folder, device, threads, progress, cancellation);
        }

        return text;

        string Text(double accuracy) => new RemedyRecipe(_spec, _remedy, plan).Text(
            candidate, _remedy.Data, RemedySpec.FromAnywhere(SpecMap.Parse(_spec.File, _spec.Text).Map("data"), _spec.Folder), accuracy);
    }

    // The failed model's accuracy on the images that epochs are chosen by: the audited ones choose nothing.
    private double AccuracyOf(TrainingSplit split, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        using SplitData data = split.Open();
        using AuditedModel model = new ModelFiles(device, threads).Open(_spec.Model);
        var images = new TrainingSet(
            data.Validation, model.Spec.Transform(model.Classifier.Input), data.ValidationImages, GroupTable.Of(data.Validation, attribute: null));
        ClassScores scores = images.Scores(model.Classifier, done => progress("measuring the model that failed", done, images.Count), cancellation);
        return (double)Enumerable.Range(0, scores.Count).Count(scores.IsCorrect) / scores.Count;
    }
}
