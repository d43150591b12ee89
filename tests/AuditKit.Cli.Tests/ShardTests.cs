using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Reports;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli.Tests;

/// <summary>An audit in pieces on several machines ends with the reports of one machine, or with an error that says why not.</summary>
public sealed partial class ShardTests : IDisposable
{
    private const string Light = "accuracy: { min: 0.5 }\n  subgroups: { by: [brightness/2], min-size: 1 }\n  stability: { perturbations: [jpeg-50] }\n  "
        + "simba: { images: 6, iterations: 20 }\n  weights: {}";

    private readonly SmallAudit _audit = new(images: 40);

    public ShardTests() => EveryCheck.WriteFiles(_audit.Folder);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Shards_of_an_audit_with_every_check_end_with_the_reports_of_one_run(int count)
    {
        _audit.WriteSpec("accuracy: {}\n  stability: { perturbations: [jpeg-50, crop-1] }");
        Whole("before");
        // A baseline's table shows conditions in the order in which they were measured.
        _audit.WriteSpec(EveryCheck.Spec + "\nbaseline: { run: before }");
        string[] whole = Whole("whole"), shards = Measure(count);
        int[] order = [.. Enumerable.Range(0, count)];
        CounterRandom.For(7, "order of merging", count).Shuffle(order);
        Assert.Equal(whole, Merge([.. order.Select(i => shards[i])], "merged"));
    }

    [Fact]
    public void Shards_without_an_image_and_shards_of_one_are_merged_too()
    {
        _audit.WriteSpec(Light);
        string[] whole = Whole("whole");
        Assert.Equal(whole, Merge(Measure(64), "merged"));
    }

    [Fact]
    public void Any_division_merged_in_any_order_gives_the_same_evidence()
    {
        _audit.WriteSpec(Light);
        string[] whole = Whole("whole");
        for (int trial = 0; trial < 4; trial++)
        {
            CounterRandom random = CounterRandom.For(11, "shard tests", trial);
            string[] shards = Measure(2 + random.NextInt32(9), $"trial-{trial}");
            // One is there twice.
            int[] order = [.. Enumerable.Range(0, shards.Length), random.NextInt32(shards.Length)];
            random.Shuffle(order);
            Assert.Equal(whole, Merge([.. order.Select(i => shards[i])], $"merged-{trial}"));
        }
    }

    [Fact]
    public void Shards_and_merges_that_were_interrupted_go_on_to_the_same_reports()
    {
        _audit.WriteSpec(EveryCheck.Spec);
        string[] whole = Whole("whole");
        int[] kills = [3, 9, 20];
        string[] shards = [.. Enumerable.Range(1, 3).Select(number =>
        {
            using var kill = new CancellationTokenSource();
            int steps = 0;
            Assert.Throws<OperationCanceledException>(() => Measure(number, 3, "killed", (_, _, _) => Stop(ref steps, kills[number - 1], kill), kill.Token));
            return Measure(number, 3, "killed", null, default);
        })];

        using var stop = new CancellationTokenSource();
        int merged = 0;
        Assert.Throws<OperationCanceledException>(() => Merge(shards, "merged", (what, _, _) =>
        {
            if (what == "shards merged")
            {
                Stop(ref merged, 2, stop);
            }
        }, stop.Token));
        Assert.Equal(whole, Merge(shards, "merged"));

        static void Stop(ref int steps, int after, CancellationTokenSource source)
        {
            if (++steps == after)
            {
                source.Cancel();
            }
        }
    }

    [Theory]
    [InlineData("weights: {}")]
    [InlineData("tta: { variants: [ten-crop], samples: [1, 4] }")]
    [InlineData("subgroups: { by: [class], min-size: 1 }\n  domain-shift: { by: [brightness/2], min-size: 1, sets: [{ name: a, data: { format: idx, path: data, split: test, "
        + "classes: [dark, bright], limit: 20 } }, { name: b, data: { format: idx, path: data, split: test, classes: [dark, bright], limit: 20 } }] }")]
    public void Checks_by_themselves_are_merged_again_and_again_to_the_same_reports(string checks)
    {
        _audit.WriteSpec(checks);
        string[] whole = Whole("whole");
        string[] shards = Measure(3);
        Assert.Equal(whole, Merge(shards, "merged"));
        Assert.Equal(whole, Merge(shards, "merged"));
    }

    [Fact]
    public void Machines_of_a_shard_are_those_that_measured_it_and_what_differs_is_said()
    {
        _audit.WriteSpec("accuracy: {}");
        string[] shards = Measure(2);
        string folder = shards[0];
        using (EvidenceStore store = EvidenceStore.Open(Path.Combine(folder, "evidence.sqlite"), Identity(folder)))
        {
            IReadOnlyList<Fact> elsewhere = [.. ShardRun.Engine(Device.Cpu).Select(fact => fact.Label is "Machine" or ".NET" ? fact with { Value = "another" } : fact)];
            (ShardRecord.Read(store)! with { Engines = [elsewhere] }).Write(store);
            new ShardEngines([elsewhere]).Write(store);
            store.Seal();
        }

        // The same command again, here, measures nothing.
        Measure(1, 2, "shards", null, default);
        AuditResult result = Run(shards, "merged");
        Assert.Equal("another (1 of 2)", result.Provenance.Single(fact => fact.Label == ".NET of shards").Value);
        (_, string output) = CommandLine.Run(_audit.Folder, "verify", "merged");
        Assert.Contains("another (1)", output);
        Assert.Contains($".NET: another or {Environment.Version}", output);
        Assert.Contains("Device: cpu", output);
    }

    [Fact]
    public void The_command_line_measures_shards_and_merges_them_with_the_exit_code_of_the_audit()
    {
        _audit.WriteSpec("accuracy: { min: 0.999 }");
        (ExitCode exitCode, string output) = CommandLine.Run(_audit.Folder, "run", "audit.yaml", "--shard", "1/2");
        Assert.Equal(ExitCode.Pass, exitCode);
        Assert.Contains("Shard 1/2: 20 images in runs/audit/shards/1-of-2", output);
        Assert.DoesNotContain("Verdict", output);
        var second = CommandLine.StartInfo(_audit.Folder, "run", "audit.yaml", "--shard", "auto/2");
        second.Environment["JOB_COMPLETION_INDEX"] = "1";
        Assert.Equal(ExitCode.Pass, CommandLine.Run(second).ExitCode);
        (exitCode, output) = CommandLine.Run(_audit.Folder, "merge", "runs/audit/shards/1-of-2", "runs/audit/shards/2-of-2");
        Assert.Contains("Verdict: ", output);
        Assert.Equal(_audit.Run().ExitCode, exitCode);
        Assert.NotEqual(ExitCode.Pass, exitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(_audit.Folder, "run", "report.json")), File.ReadAllText(Path.Combine(_audit.Folder, "runs", "audit", "report.json")));
        (exitCode, output) = CommandLine.Run(_audit.Folder, "verify", "runs/audit");
        Assert.Equal(ExitCode.Pass, exitCode);
        Assert.Contains($"shards: 2, measured on {Environment.MachineName} (2)", output);
    }

    [Fact]
    public void Processes_of_one_machine_end_with_the_reports_of_one()
    {
        _audit.WriteSpec(Light);
        string[] whole = Whole("whole");
        (ExitCode exitCode, string output) = CommandLine.Run(_audit.Folder, "run", "audit.yaml", "--processes", "2", "--threads", "2", "--out", "together");
        Assert.Equal(CommandLine.Run(_audit.Folder, "run", "audit.yaml", "--out", "alone").ExitCode, exitCode);
        Assert.Contains("Verdict: ", output);
        Assert.Equal(whole, ReportFolder.Formats.Where(format => !format.FileName.EndsWith(".pdf", StringComparison.Ordinal))
            .Select(format => File.ReadAllText(Path.Combine(_audit.Folder, "together", format.FileName))));
        (exitCode, output) = CommandLine.Run(_audit.Folder, "run", "audit.yaml", "--processes", "2", "--set", "model.path=nowhere.onnx");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("nowhere.onnx", output);
        Assert.Equal(ExitCode.Usage, CommandLine.Run(_audit.Folder, "run", "audit.yaml", "--processes", "2", "--shard", "1/2").ExitCode);
    }

    [Theory]
    [InlineData("3/64", "", "3/64")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=5,SLURM_ARRAY_TASK_MIN=0,SLURM_ARRAY_TASK_MAX=63,SLURM_ARRAY_TASK_COUNT=64", "6/64")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=5,SLURM_ARRAY_TASK_MIN=1,SLURM_ARRAY_TASK_MAX=64,SLURM_ARRAY_TASK_COUNT=64", "5/64")]
    [InlineData("auto/64", "SLURM_ARRAY_TASK_ID=5,SLURM_ARRAY_TASK_MIN=5,SLURM_ARRAY_TASK_MAX=5,SLURM_ARRAY_TASK_COUNT=1", "5/64")]
    [InlineData("auto/8", "JOB_COMPLETION_INDEX=0", "1/8")]
    [InlineData("auto", "CI_NODE_INDEX=2,CI_NODE_TOTAL=4", "2/4")]
    [InlineData("auto", "", null)]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0", null)]
    [InlineData("auto", "CI_NODE_INDEX=2", null)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=5,SLURM_ARRAY_TASK_MIN=5,SLURM_ARRAY_TASK_MAX=5,SLURM_ARRAY_TASK_COUNT=1", null)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=4,SLURM_ARRAY_TASK_MIN=0,SLURM_ARRAY_TASK_MAX=8,SLURM_ARRAY_TASK_COUNT=5", null)]
    [InlineData("auto/8", "JOB_COMPLETION_INDEX=8", null)]
    [InlineData("0/4", "", null)]
    [InlineData("5/4", "", null)]
    [InlineData("3", "", null)]
    [InlineData("-1/4", "", null)]
    [InlineData("auto/x", "", null)]
    public void A_shard_is_given_or_the_job_arrays(string text, string environment, string? expected)
    {
        Dictionary<string, string> variables = environment.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        if (expected is null)
        {
            AuditException refused = Assert.Throws<AuditException>(() => ShardOfJob.Parse(text, variables.GetValueOrDefault));
            Assert.StartsWith($"--shard {text.Split('/')[0]}", refused.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Usage, refused.ExitCode);
        }
        else
        {
            Assert.Equal(expected, ShardOfJob.Parse(text, variables.GetValueOrDefault).ToString());
        }
    }

    public void Dispose() => _audit.Dispose();

    private static string Identity(string shard)
    {
        using EvidenceStore store = EvidenceStore.OpenRead(Path.Combine(shard, "evidence.sqlite"));
        return store.Identity;
    }

    private static void WriteImages(string folder)
    {
        for (int i = 0; i < 40; i++)
        {
            string of = Directory.CreateDirectory(Path.Combine(folder, i % 2 == 0 ? "dark" : "bright")).FullName;
            byte[] pixels = [.. Enumerable.Range(0, 64).Select(p => (byte)((i % 2 == 0 ? 40 : 160) + ((p * i) % 50)))];
            File.WriteAllBytes(Path.Combine(of, $"{i}.pgm"), [.. "P5 8 8 255\n"u8, .. pixels]);
        }
    }

    // In place of the one file, images in files of their own.
    private void TakeImages(string keys)
    {
        string spec = Path.Combine(_audit.Folder, "audit.yaml");
        File.WriteAllText(spec, File.ReadAllText(spec).Replace("{ format: idx, path: data, split: test, classes: [dark, bright] }",
            $"{{ format: folder, path: images, classes: [dark, bright]{keys} }}", StringComparison.Ordinal));
    }

    private AuditSpec Load(params string[] overrides) => AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), overrides);

    private string[] Measure(int count, string under = "shards") => [.. Enumerable.Range(1, count).Select(number => Measure(number, count, under, null, default))];

    private string Measure(
        int number, int count, string under, Action<string, long, long>? progress, CancellationToken cancellation, string[]? overrides = null, string? folder = null)
    {
        folder ??= Path.Combine(_audit.Folder, under, $"{number}");
        (_, IReadOnlyDictionary<string, string> errors) = ShardRun.Run(
            Load(overrides ?? []), new ModelFiles(Device.Cpu, 1), new Shard(number, count), new AuditOptions { Folder = folder, Threads = 1 }, progress, cancellation);
        Assert.Empty(errors);
        return folder;
    }

    private string[] Whole(string run)
    {
        string folder = Path.Combine(_audit.Folder, run);
        return Reports(Audit.Run(Load(), new ModelFiles(Device.Cpu, 1), new AuditOptions { Folder = folder, Threads = 1 }), folder);
    }

    private AuditResult Run(string[] shards, string run, Action<string, long, long>? progress = null, CancellationToken cancellation = default) => ShardMerge.Run(
        Load(), new ModelFiles(Device.Cpu, 1), shards, new AuditOptions { Folder = Path.Combine(_audit.Folder, run), Threads = 1 }, progress, cancellation);

    private string[] Merge(string[] shards, string run, Action<string, long, long>? progress = null, CancellationToken cancellation = default)
        => Reports(Run(shards, run, progress, cancellation), Path.Combine(_audit.Folder, run));

    // The PDF is made of the same result as the others, and slowly.
    private static string[] Reports(AuditResult result, string folder)
    {
        Assert.All(result.Sections, section => Assert.Null(section.Error));
        return [.. ReportFolder.Formats.Where(format => !format.FileName.EndsWith(".pdf", StringComparison.Ordinal))
            .Select(format => File.ReadAllText(ReportFolder.Save(format, result, folder)))];
    }
}
