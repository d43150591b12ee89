using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>Tries a plan's candidates on images held out of the training data, by successive halving, within a budget of time.</summary>
/// <param name="spec">The audit that failed.</param>
/// <param name="remedy">What it says of remedies.</param>
/// <param name="plan">What is tried.</param>
/// <param name="folder">Where trials go, a folder each; finished ones are not done again.</param>
/// <param name="device">Where to train and audit.</param>
/// <param name="threads">Threads that run the models.</param>
internal sealed class RemedySearch(AuditSpec spec, RemedySpec remedy, RemedyPlan plan, string folder, Device device, int threads)
{
    /// <summary>Says, in the folder of trials, what they are of.</summary>
    internal const string KeyFile = "key";

    private const string TrialPrefix = "epochs-";
    private const string OutOfTime = "not tried: the budget was spent";

    private readonly Dictionary<RemedyCandidate, MitigationTrial> _last = [];
    private readonly Dictionary<RemedyCandidate, MitigationTrial> _best = [];
    private readonly Dictionary<RemedyCandidate, (string Result, string Reason)> _stopped = [];
    private readonly DataDigests _digests = new();
    private RemedyRecipe Recipes { get; } = new(spec, remedy, plan);
    private string Embeddings => Path.Combine(folder, KeptEmbeddings.FolderName);

    /// <summary>What was found: the best candidate, the folder with its model, and everything that was tried.</summary>
    public sealed record Found(RemedyCandidate Candidate, int Epochs, string Folder, IReadOnlyList<MitigationTrial> Trials, string Data);

    /// <summary>Searches.</summary>
    /// <param name="budget">The time for all trials.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops; finished trials are kept.</param>
    /// <exception cref="AuditException">The data cannot be used, no candidate can, or the budget is too small for one trial.</exception>
    public Found Run(TimeSpan budget, Action<string, long, long> progress, CancellationToken cancellation)
    {
        string splitText = Recipes.SplitText();
        ForgetOthers(splitText, cancellation);
        string split = Path.Combine(folder, "split.yaml");
        AtomicFile.Write(split, splitText);
        var audit = new HeldOutAudit(spec, plan, split, device, threads);
        // Not even a trial's card looks at the audited images.
        (SpecMap learnt, SpecMap test) = (Part("training", split), Part("held-out", split));
        // The failed model is measured within the budget, too: with attacks among the gates that alone takes its time.
        var time = new TrialBudget(budget, TimeProvider.System);
        MitigationTrial? measured = null;
        time.Do(0, progress, (watch, stop) => measured = audit.Measure(
            "the model that failed", 0, spec.Model.Path, Path.Combine(folder, "failed"), null, watch, stop), cancellation);
        MitigationTrial before = measured ?? throw new AuditException($"--budget {Text(budget)} is too small for one trial: to measure the model that failed on "
            + $"{audit.Data} takes longer. Give more, or name one method with its settings in the spec: remedy: {{ method: … }}.");
        FindingBefore[] asked = [.. before.Findings.Where(finding => plan.Addressed.Any(addressed => finding.IsOf(addressed.Check)))];
        if (asked.Length > 0 && asked.All(finding => finding.Outcome == GateOutcome.Pass))
        {
            throw new AuditException($"The model that failed its audit passes on {audit.Data}: " + (audit.HasClassesAlone
                ? "trials on them would tell nothing of the groups that failed. Name images with these attributes under remedy.data."
                : "it has learnt them, so that trials on them would tell nothing. Name images that it was not trained on under remedy.data."));
        }

        var order = new TrialOrder(before.Accuracy!.Value);
        var best = SuccessiveHalving.Run(
            plan.Candidates, Math.Max(1, remedy.Epochs),
            (candidate, epochs) => Try(
                candidate, epochs, Recipes.Text(candidate, learnt, test, order.Accuracy), audit, order, time, progress, cancellation), order);
        if (best is not { } found)
        {
            string estimate = time.Shortest is { } shortest ? $": the shortest would take about {Text(shortest)} here" : "";
            throw new AuditException(_stopped.ContainsValue((OutOfTime, ""))
                ? $"--budget {Text(budget)} is too small for one trial{estimate}. Give more, or name one method with its settings in the spec: remedy: {{ method: … }}."
                : $"None of the methods could be tried. {string.Join(" ", _stopped.Values.Select(
                    stopped => stopped.Reason.Length > 0 ? stopped.Reason : stopped.Result).Distinct().Take(3))}");
        }

        KeptEmbeddings.Remove(Embeddings);
        if (order.Compare(found.Result, before) >= 0)
        {
            throw new AuditException($"Nothing that was tried is better than the model that failed, on {audit.Data}. That model: "
                + $"{TrialOrder.Describe(before)}; the best, {found.Result.Method}: {TrialOrder.Describe(found.Result)}. No model was written. More budget or "
                + "epochs, other training data, or a method of your choice (remedy: { method: … }) may do better.", ExitCode.GateFailed);
        }

        MitigationTrial[] trials =
        [
            before with { Result = "for comparison" },
            .. plan.Candidates.Select(candidate => Outcome(candidate, found.Candidate)),
        ];
        return new Found(found.Candidate, found.Result.Epochs, ModelOf(found.Candidate, found.Result.Epochs), trials, audit.Data);
    }

    private MitigationTrial Outcome(RemedyCandidate candidate, RemedyCandidate best)
    {
        MitigationTrial trial = _best.GetValueOrDefault(candidate) ?? new MitigationTrial { Method = candidate.ToString(), Epochs = 0 };
        (string stopped, string reason) = _stopped.GetValueOrDefault(candidate, ("", ""));
        string kept = trial.Passed == trial.Findings.Count ? "kept" : "kept, though gates block here, too";
        return trial with
        {
            Result = candidate == best ? $"{kept} {stopped}".Trim() : stopped.Length > 0 ? stopped : "dropped",
            Reason = reason,
        };
    }

    private MitigationTrial? Try(
        RemedyCandidate candidate, int rung, string recipe, HeldOutAudit audit, TrialOrder order, TrialBudget time, Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        int epochs = candidate.IsLastLayer ? 0 : rung;
        int done = _last.GetValueOrDefault(candidate)?.Epochs ?? 0;
        if (_last.TryGetValue(candidate, out MitigationTrial? last) && last.Epochs == epochs)
        {
            return last;
        }

        string own = FolderOf(candidate), file = Path.Combine(own, RemedyRecipe.FileName), kept = $"{ModelOf(candidate, epochs)}.json";
        // Trials of another recipe, and such as were damaged or changed since, are done again from their start.
        if (Path.Exists(own) && (!File.Exists(file) || File.ReadAllText(file) != recipe
            || (done == 0 && Directory.GetFiles(own, $"{TrialPrefix}*.json").Any(trial => Finished(trial) is null))))
        {
            Directory.Delete(own, recursive: true);
        }

        Directory.CreateDirectory(own);
        AtomicFile.Write(file, recipe);
        if (File.Exists(kept) && Finished(kept) is { } finished)
        {
            return Note(candidate, finished, order);
        }

        MitigationTrial? trial = null;
        string name = $"trial {NumberOf(candidate)} of {plan.Candidates.Count}";
        try
        {
            bool isDone = time.Do(epochs, (what, now, total) => progress($"{name}: {what}", now, total), (watch, stop) =>
            {
                var loaded = Recipe.Load(file, [], MethodCatalog.Key);
                // A trial that was stopped while it was measured is not trained again.
                if (!TrainingRun.IsDone(loaded, own, _digests) || epochs < loaded.Epochs)
                {
                    TrainingRun.Run(loaded, own, epochs, Embeddings, device, threads, watch, stop);
                }

                trial = audit.Measure(
                    candidate.ToString(), epochs, Path.Combine(own, TrainingRun.ModelFile), Path.Combine(own, $"audit-{epochs}"), order.Accuracy, watch, stop);
            }, cancellation);
            _stopped[candidate] = (isDone ? "" : done == 0 ? OutOfTime : $"stopped after {done} epochs: the budget was spent", "");
        }
        catch (TrainingDivergedException e)
        {
            _stopped[candidate] = ("diverged", e.Message);
        }
        // What the machine lacks for a while, such as room on the disk, would else drop one candidate after the other.
        catch (AuditException e) when (!IsOfMachine(e))
        {
            // One that cannot be tried, or breaks, must not take the others' results with it.
            _stopped[candidate] = ("not possible", e.Message);
        }

        if (trial is null)
        {
            return null;
        }

        KeepModel(own, ModelOf(candidate, epochs));
        // Last, because it says that the trial has ended.
        AtomicFile.Write(kept, JsonSerializer.SerializeToUtf8Bytes(trial));
        return Note(candidate, trial, order);
    }

    // What an earlier call measured, if it can be read and the model in the folder beside it is the one that it is of.
    private static MitigationTrial? Finished(string file)
    {
        try
        {
            return TrainingRun.HoldsItsModel(Path.ChangeExtension(file, null)) ? JsonSerializer.Deserialize<MitigationTrial>(File.ReadAllBytes(file)) : null;
        }
        catch (Exception e) when (e is JsonException or AuditException)
        {
            return null;
        }
    }

    private static bool IsOfMachine(Exception e) => e is IOException or UnauthorizedAccessException || (e.InnerException is { } inner && IsOfMachine(inner));

    // A candidate stands by the best of its trials, of equal ones the longest.
    private MitigationTrial Note(RemedyCandidate candidate, MitigationTrial trial, TrialOrder order)
    {
        _last[candidate] = trial;
        if (!_best.TryGetValue(candidate, out MitigationTrial? best) || order.Compare(trial, best) <= 0)
        {
            _best[candidate] = trial;
        }

        return trial;
    }

    // A later, longer trial writes its model over this one.
    private static void KeepModel(string own, string kept)
    {
        try
        {
            Empty(kept);
            foreach (string file in Directory.GetFiles(own).Where(file => Path.GetExtension(file) != ".bin"
                && Path.GetFileName(file) is var name && !name.StartsWith(TrialPrefix, StringComparison.Ordinal) && !name.StartsWith('.')))
            {
                File.Copy(file, Path.Combine(kept, Path.GetFileName(file)));
            }
        }
        catch (IOException e)
        {
            throw new AuditException($"{kept} cannot be written: {e.Message} Finished trials are kept.", ExitCode.Error, e);
        }
    }

    // Trials of another model, other data or other gates say nothing of this one.
    private void ForgetOthers(string splitText, CancellationToken cancellation)
    {
        using IDataset data = remedy.Open(spec);
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
            '\n',
            [
                splitText, spec.Text, .. spec.Overrides, ModelDescription.Read(spec.Model.Path).Sha256, DatasetFingerprint.Of(data, threads, cancellation).Sha256,
                .. plan.Addressed.Select(finding => finding.Id), Provenance.Version,
            ]))));
        string file = Path.Combine(folder, KeyFile);
        if (!File.Exists(file) || File.ReadAllText(file) != key)
        {
            Empty(folder);
            AtomicFile.Write(file, key);
        }
    }

    private static void Empty(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(directory);
    }

    private static SpecMap Part(string part, string recipe)
    {
        var data = SpecMap.Parse("data", $"{{ part: {part} }}");
        data.SetText("recipe", recipe);
        return data;
    }

    // Its place among the candidates, from 1.
    private int NumberOf(RemedyCandidate candidate) => plan.Candidates.Index().First(each => each.Item == candidate).Index + 1;

    private string FolderOf(RemedyCandidate candidate) => Path.Combine(folder, $"{NumberOf(candidate)}-{candidate.Block.Text("name")}");

    // The model of a trial; what it measured lies beside it, as JSON.
    private string ModelOf(RemedyCandidate candidate, int epochs)
        => Path.Combine(FolderOf(candidate), string.Create(CultureInfo.InvariantCulture, $"{TrialPrefix}{epochs}"));

    private static string Text(TimeSpan time) => time.TotalMinutes >= 2
        ? FormattableString.Invariant($"{Math.Ceiling(time.TotalMinutes)}m")
        : FormattableString.Invariant($"{Math.Ceiling(time.TotalSeconds)}s");
}
