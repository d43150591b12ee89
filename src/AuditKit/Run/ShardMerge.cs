using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Specs;

namespace AuditKit.Run;

/// <summary>Brings the shards of an audit together, and judges it as if one machine had measured all of it.</summary>
public static class ShardMerge
{
    // A shard that is read holds a page cache and its record: memory must not grow with the processors.
    private const int AtOnce = 4;

    /// <summary>Merges shards, or goes on with a merge that was interrupted.</summary>
    /// <param name="plan">The audit.</param>
    /// <param name="models">Opens the model that the plan names, and those that its checks need besides.</param>
    /// <param name="folders">The shards' folders, in any order.</param>
    /// <param name="options">Where the run goes.</param>
    /// <param name="progress">Told what is being done, units done and units in all; null for nobody.</param>
    /// <param name="cancellation">Stops between two shards.</param>
    /// <returns>The result: the same as that of one machine's run.</returns>
    /// <exception cref="AuditException">A shard is missing, has not finished, is of another audit, or differs from another in what both measured.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AuditResult Run(
        AuditPlan plan, IModelSource models, IReadOnlyList<string> folders, AuditOptions options, Action<string, long, long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(options);
        using var opened = new OpenedSpec(plan, models);
        PlannedCheck[] checks = Audit.Validated(plan, opened);
        var parts = new Dictionary<string, List<(DataPart Part, string Shard)>>();
        IReadOnlyList<Fact> audit = opened.ShardDependencies;
        List<Read> shards = [];
        List<string> unfinished = [];
        foreach ((string folder, Read? read) in folders.Chunk(Math.Min(options.Threads, AtOnce)).SelectMany(ReadShards))
        {
            cancellation.ThrowIfCancellationRequested();
            if (read is not { } shard)
            {
                unfinished.Add(folder);
                continue;
            }

            RequireSame(audit, shard);
            foreach (DataPart part in shard.Record.Data)
            {
                if (!parts.TryGetValue(part.Dataset, out List<(DataPart, string)>? known))
                {
                    parts.Add(part.Dataset, known = []);
                }

                // A shard that is there twice counts images once.
                known.Add((shards.Exists(other => other.Record.Number == shard.Record.Number) ? part with { SeveralFrames = 0 } : part, folder));
            }

            shards.Add(shard with { Record = shard.Record with { Data = [] } });
            progress?.Invoke("shards read", shards.Count + unfinished.Count, folders.Count);
        }

        RequireAll(shards, unfinished, opened.Data, plan.Seed, checks);
        ShardOrigin[] origins =
        [
            .. shards.Select(shard => new ShardOrigin(shard.Record.Number, shard.Record.Images, shard.Record.Engines)).OrderBy(shard => shard.Number),
        ];
        DataParts audited = Together(EvidenceSchema.AuditedData, opened.Data);
        parts.Remove(EvidenceSchema.AuditedData);
        // The one that knows most conditions comes first, for it knows the order in which one machine would have measured them.
        Read[] order = [.. shards.OrderByDescending(shard => shard.Conditions).ThenBy(shard => shard.Record.Number)];
        return Audit.Complete(
            plan, opened, checks, new KnownData(audited.Fingerprint(), audited.SeveralFrames),
            new Pieces
            {
                Share = new RemainderShare(Together),
                Data = new ComparedDataset(opened.Data, audited),
                Errors = shards.OrderBy(shard => shard.Record.Number).SelectMany(shard => shard.Record.Errors).DistinctBy(error => error.Key).ToDictionary(),
                Shards = origins,
                Provenance = Engines(origins, opened.Model.Classifier.Device),
                Fill = evidence => evidence.Merge(
                    [.. order.Select(shard => (Path.Combine(shard.Folder, RunFolder.EvidenceFile), shard.Seal))],
                    Path.Combine(options.Folder, RunFolder.GatheringFile),
                    merged =>
                    {
                        cancellation.ThrowIfCancellationRequested();
                        progress?.Invoke("shards merged", merged, order.Length);
                    }),
            },
            options,
            progress ?? ((_, _, _) => { }),
            cancellation);

        DataParts Together(string name, IDataset data)
        {
            var together = new DataParts(data);
            foreach ((DataPart part, string shard) in parts.GetValueOrDefault(name) ?? [])
            {
                together.Add(part, shard);
            }

            return together;
        }
    }

    /// <summary>The spec's file, what the command line replaced in it and what the model ran on, as the first finished shard says.</summary>
    /// <param name="folders">The shards' folders.</param>
    /// <exception cref="AuditException">None of them holds a finished shard.</exception>
    public static (string SpecFile, IReadOnlyList<string> Overrides, Device Device) Spec(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ShardRecord record = folders.Select(ReadShard).FirstOrDefault(shard => shard is not null)?.Record ?? throw NoneFinished(folders);
        string? device = new ShardOrigin(record.Number, record.Images, record.Engines).Values(ShardOrigin.DeviceLabel).FirstOrDefault();
        return (record.SpecFile, record.Overrides, device is null ? Device.Cpu : Device.Parse(device));
    }

    private static EvidenceStore Open(string folder)
    {
        string file = Path.Combine(folder, RunFolder.EvidenceFile);
        if (!File.Exists(file))
        {
            throw new AuditException($"{folder} is no shard's folder: it has no {RunFolder.EvidenceFile}. Name folders that "
                + $"'{ProgramName.Value} run --shard' has written.");
        }

        try
        {
            return EvidenceStore.OpenRead(file);
        }
        catch (AuditException e)
        {
            throw new AuditException(e.Message, ExitCode.Error, e);
        }
    }

    private static AuditException NoneFinished(IReadOnlyList<string> folders)
        => new($"No shard has finished: {WordList.First([.. folders])}. Run them to their end, then merge.", ExitCode.Error);

    // Several at the same time: their digests are most of the work.
    private static (string Folder, Read? Shard)[] ReadShards(string[] folders)
    {
        var shards = new Read?[folders.Length];
        ParallelLoop.Run(0, folders.Length, folders.Length, i => shards[i] = ReadShard(folders[i]));
        return [.. folders.Zip(shards)];
    }

    // Null for one that has not finished. One that was killed at its very beginning has left an empty file, or one that is half made beside its journal.
    private static Read? ReadShard(string folder)
    {
        string file = Path.Combine(folder, RunFolder.EvidenceFile);
        if (new FileInfo(file) is { Exists: true, Length: 0 } || File.Exists($"{file}-journal")
            || (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            return null;
        }

        using EvidenceStore store = Open(folder);
        if (store.KeptSeal is not { } seal)
        {
            return null;
        }

        store.RequireSeal();
        return new Read(
            folder,
            seal,
            ShardRecord.Read(store) ?? throw new AuditException($"{folder} holds a whole run, not a shard of one: there is nothing to merge.", ExitCode.Error),
            store.Conditions.Count,
            CommonAnswers.Count(store));
    }

    private static void RequireSame(IReadOnlyList<Fact> audit, Read shard)
    {
        if (audit.Except(shard.Record.Audit).FirstOrDefault() is { } different)
        {
            string? there = shard.Record.Audit.FirstOrDefault(fact => fact.Label == different.Label)?.Value;
            throw new AuditException($"{shard.Folder}: a shard of another audit: its {different.Label} is not this one's ({Shown(there)}, not "
                + $"{Shown(different.Value)}). Run the shard again.", ExitCode.Error);
        }

        static string Shown(string? value) => value is null or "" ? "none" : value.Length == 64 ? $"SHA-256 {value[..12]}…" : value.ReplaceLineEndings(", ");
    }

    private static void RequireAll(List<Read> shards, List<string> unfinished, IDataset data, long seed, PlannedCheck[] checks)
    {
        if (shards.Count == 0)
        {
            throw NoneFinished(unfinished);
        }

        int[] counts = [.. shards.Select(shard => shard.Record.Count).Distinct().Order()];
        if (counts.Length > 1)
        {
            throw new AuditException($"Shards of an audit in {counts[0]} and of one in {counts[1]}: {First(counts[0])} and {First(counts[1])}. "
                + "Name those of one division.", ExitCode.Error);
        }

        HashSet<int> there = [.. shards.Select(shard => shard.Record.Number)];
        int[] missing = [.. Enumerable.Range(1, counts[0]).Where(number => !there.Contains(number))];
        if (missing.Length > 0)
        {
            ILookup<int, int> images = ShardRun.Dealt(checks, data.Count, seed, counts[0]).Owners(seed, data.Count).Index()
                .ToLookup(image => image.Item + 1, image => image.Index);
            string[] which = [.. missing.Select(number => $"{new Shard(number, counts[0])} with {Some(images[number])}")];
            throw new AuditException($"{NumberText.Count(missing.Length, "shard is", "shards are")} missing, and so are "
                + $"{NumberText.Count(missing.Sum(number => images[number].Count()))} of {NumberText.Count(data.Count)} images: {string.Join("; ", which)}."
                + (unfinished.Count > 0 ? $" Not finished: {WordList.First([.. unfinished])}." : "")
                + $" Run {(missing.Length == 1 ? "it" : "each")} with --shard {missing[0]}/{counts[0]}{(missing.Length == 1 ? "" : " and so on")}, then merge again.",
                ExitCode.Error);
        }

        if (shards.Find(shard => shard.Common < shards.Max(other => other.Common)) is { } silent)
        {
            throw new AuditException($"{silent.Folder}: the model answered {silent.Common} of the images that every shard shows it, and {shards.Max(other
                => other.Common)} in another shard, so that nobody knows whether their engines agree. Run it again where the model and all images can be used.",
                ExitCode.Error);
        }

        string Some(IEnumerable<int> lost)
        {
            string[] names = [.. lost.Select(data.Source)];
            return names.Length == 0 ? "work that is not divided" : $"{NumberText.Count(names.Length, "image", "images")} ({WordList.First(names)})";
        }

        string First(int count) => shards.First(shard => shard.Record.Count == count).Folder;
    }

    // Only what differs is said: where all machines are alike, the report is that of one of them.
    private static Fact[] Engines(ShardOrigin[] shards, Device here) =>
    [
        .. from fact in ShardRun.Engine(here)
           where fact.Label != ShardOrigin.MachineLabel
           let others = shards.SelectMany(shard => shard.Values(fact.Label).DefaultIfEmpty("unknown"))
               .Where(value => value != fact.Value).GroupBy(value => value).Select(each => $"{each.Key} ({each.Count()} of {shards.Length})").ToArray()
           where others.Length > 0
           select new Fact($"{fact.Label} of shards", string.Join("; ", others)),
    ];

    private sealed record Read(string Folder, string Seal, ShardRecord Record, int Conditions, int Common);
}
