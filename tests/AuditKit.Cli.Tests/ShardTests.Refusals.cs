using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Training;

namespace AuditKit.Cli.Tests;

/// <content>What is refused, or an error of the whole: data, engines and shards that do not belong together.</content>
public sealed partial class ShardTests
{
    [Fact]
    public void A_shard_of_data_that_have_changed_is_not_gone_on_with()
    {
        _audit.WriteSpec(Light);
        string file = Path.Combine(_audit.Folder, "data", "t10k-images-idx3-ubyte");
        byte[] right = File.ReadAllBytes(file), wrong = [.. right];
        wrong[^1] ^= 1;
        string first = Measure(1, 2, "a", null, default);
        File.WriteAllBytes(file, wrong);
        string second = Measure(2, 2, "b", null, default);
        File.WriteAllBytes(file, right);
        Assert.Contains("another run", Assert.Throws<AuditException>(() => Measure(2, 2, "b", null, default)).Message);
        Directory.Delete(second, recursive: true);
        Assert.Equal(Whole("whole"), Merge([first, Measure(2, 2, "b", null, default)], "merged"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Machines_that_see_another_pixel_are_refused(bool asFiles)
    {
        _audit.WriteSpec(Light);
        if (asFiles)
        {
            WriteImages(Path.Combine(_audit.Folder, "images"));
            TakeImages("");
        }

        string first = Measure(1, 2, "a", null, default);
        string file = asFiles ? Path.Combine(_audit.Folder, "images", "dark", "4.pgm") : Path.Combine(_audit.Folder, "data", "t10k-images-idx3-ubyte");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);

        string second = Measure(2, 2, "b", null, default);
        AuditException e = Assert.Throws<AuditException>(() => Merge([first, second], "merged"));
        Assert.Contains(asFiles ? "4.pgm" : "t10k-images", e.Message);
        Assert.Equal(ExitCode.Error, e.ExitCode);
    }

    [Fact]
    public void Machines_that_see_another_mask_are_refused_whichever_of_them_it_is()
    {
        const int Count = 5;
        _audit.WriteSpec("accuracy: {}");
        WriteImages(Path.Combine(_audit.Folder, "images"));
        foreach (string image in Directory.GetFiles(Path.Combine(_audit.Folder, "images"), "*", SearchOption.AllDirectories))
        {
            WriteMask(image, 255);
        }

        TakeImages(", masks: masks");
        string[] right = Measure(Count);
        Assert.Null(Assert.Single(Run(right, "all").Sections).Error);
        foreach (int number in Enumerable.Range(1, Count))
        {
            // Of another one of the shard's own images each time, the first of which may lie in a file that it reads the digest of, too.
            using AuditKit.Data.IDataset data = AuditKit.Data.DatasetCatalog.Open(Load().Data);
            int own = Array.LastIndexOf(Owners(Count), number - 1);
            string image = Path.Combine(_audit.Folder, "images", data.Source(own));
            WriteMask(image, 0);
            string wrong = Measure(number, Count, "wrong", null, default);
            WriteMask(image, 255);
            AuditException e = Assert.Throws<AuditException>(() => Run([.. right.Where((_, i) => i != number - 1), wrong], $"all-{number}"));
            Assert.Contains(Path.GetFileNameWithoutExtension(image), e.Message);
            Assert.Equal(ExitCode.Error, e.ExitCode);
        }

        void WriteMask(string image, byte value)
        {
            string mask = Path.ChangeExtension(image.Replace($"{Path.DirectorySeparatorChar}images{Path.DirectorySeparatorChar}", "/masks/"), ".png");
            Directory.CreateDirectory(Path.GetDirectoryName(mask)!);
            File.WriteAllBytes(mask, Imaging.Png.Encode(new Imaging.Image(8, 8, 1, [.. Enumerable.Repeat(value, 64)])));
        }
    }

    // An adaptation shows the model all images, in one shard, which compares none of its answers with another's.
    [Fact]
    public void A_machine_that_sees_another_pixel_in_work_that_is_not_divided_is_refused()
    {
        const int Count = 5;
        EveryCheck.WriteFiles(_audit.Folder);
        _audit.WriteSpec("tta: { variants: [], samples: [1], adapt: { batch: 9 } }");
        WriteImages(Path.Combine(_audit.Folder, "images"));
        TakeImages("");
        string[] right = Measure(Count);
        Assert.All(Run(right, "right").Sections, section => Assert.Null(section.Error));
        AuditKit.Checks.Deal deal = ShardRun.Dealt(Load().Checks.Select(check => check.Bind([])), 40, 1, Count);
        Shard owner = Enumerable.Range(1, Count).Select(number => new Shard(number, Count)).First(shard => deal.Shown(shard, 1, 40).All(shown => shown));
        int[] owners = deal.Owners(1, 40);
        using AuditKit.Data.IDataset data = AuditKit.Data.DatasetCatalog.Open(Load().Data);
        string image = Path.Combine(_audit.Folder, "images", data.Source(Array.FindLastIndex(owners, of => !owner.Is(of) && !owner.Next.Is(of))));
        byte[] bytes = File.ReadAllBytes(image);
        File.WriteAllBytes(image, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        string wrong = Measure(owner.Number, Count, "wrong", null, default);
        File.WriteAllBytes(image, bytes);

        AuditException e = Assert.Throws<AuditException>(() => Run([.. right.Where((_, i) => i != owner.Number - 1), wrong], "all"));
        Assert.Contains(Path.GetFileName(image), e.Message);
        Assert.Equal(ExitCode.Error, e.ExitCode);
    }

    // Files of a data set besides the audited one are dealt like its images, so most shards have the digest of none.
    [Fact]
    public void A_shifted_set_that_is_replaced_while_a_shard_runs_is_an_error_whatever_shard_it_is()
    {
        SmallAudit.WriteData(Path.Combine(_audit.Folder, "shifted"), 40, first: 500);
        _audit.WriteSpec("domain-shift: { sets: [{ name: shifted, data: { format: idx, path: shifted, split: test, classes: [dark, bright] } }] }");
        string file = Path.Combine(_audit.Folder, "shifted", "t10k-images-idx3-ubyte");
        byte[] right = File.ReadAllBytes(file), wrong = [.. right.Select((value, i) => i < 16 ? value : (byte)(value ^ 1))];
        foreach (int number in Enumerable.Range(1, 5))
        {
            File.WriteAllBytes(file, right);
            string folder = Path.Combine(_audit.Folder, "shards", $"{number}");
            Run(() => File.WriteAllBytes(file, wrong));
            File.WriteAllBytes(file, right);
            Assert.Contains("another run", Assert.Throws<AuditException>(() => Run(() => { })).Message);

            void Run(Action replace)
            {
                string? error = null;
                try
                {
                    (_, IReadOnlyDictionary<string, string> errors) = ShardRun.Run(
                        Load(), new ModelFiles(Device.Cpu, 1), new Shard(number, 5), new AuditOptions { Folder = folder, Threads = 1 }, (what, _, _) =>
                        {
                            if (what.Contains("shifted", StringComparison.Ordinal))
                            {
                                replace();
                            }
                        });
                    error = errors.GetValueOrDefault("domain-shift");
                }
                catch (AuditException e) when (e.Message.Contains("was replaced", StringComparison.Ordinal))
                {
                    error = e.Message;
                }

                Assert.Contains("was replaced while the audit was running", error);
            }
        }
    }

    [Fact]
    public void A_merge_that_sees_other_images_than_the_shards_is_an_error()
    {
        _audit.WriteSpec("accuracy: {}\n  stability: { perturbations: [thumb-4] }");
        OnnxFile.Write(SmallAudit.Model(bias: -12), Path.Combine(_audit.Folder, "model.onnx"));
        WriteImages(Path.Combine(_audit.Folder, "images"));
        TakeImages("");
        string[] shards = Measure(2);
        Assert.All(Run(shards, "right").Sections, section => Assert.Null(section.Error));
        foreach (string image in Directory.GetFiles(Path.Combine(_audit.Folder, "images"), "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(image);
            bytes[^1] ^= 1;
            File.WriteAllBytes(image, bytes);
        }

        AuditResult result = Run(shards, "wrong");
        Assert.Equal(GateOutcome.Error, result.Verdict);
        Assert.Contains("is another one here than the shards have read", result.Sections.First(section => section.Check == "accuracy").Error);
    }

    [Fact]
    public void A_missing_shard_is_an_error_that_names_its_images()
    {
        _audit.WriteSpec(Light);
        string[] shards = Measure(3);
        (ExitCode exitCode, string output) = CommandLine.Run(_audit.Folder, "merge", shards[0], shards[2], "--out", "merged");
        Assert.Equal(ExitCode.Error, exitCode);
        Assert.Contains("1 shard is missing, and so are 13 of 40 images: 2/3 with 13 images (#", output);
        Assert.Contains("--shard 2/3", output);
        Assert.False(File.Exists(Path.Combine(_audit.Folder, "merged", "report.json")));
    }

    [Fact]
    public void A_whole_run_is_no_shard_to_be_merged()
    {
        _audit.WriteSpec(Light);
        _audit.Run();
        (ExitCode exitCode, string output) = CommandLine.Run(_audit.Folder, "merge", "run", "--out", "merged");
        Assert.Equal(ExitCode.Error, exitCode);
        Assert.Contains("run holds a whole run, not a shard of one", output);
    }

    [Fact]
    public void An_engine_that_answers_otherwise_is_refused_in_another_shard_and_in_the_same_one()
    {
        _audit.WriteSpec("weights: {}");
        string[] shards = Measure(3);
        Alter(shards[2], logits => logits[0] = MathF.BitIncrement(logits[0]));
        AuditException e = Assert.Throws<AuditException>(() => Merge(shards, "merged"));
        Assert.StartsWith(shards[2], e.Message);
        Assert.Contains("engines or of files that differ", e.Message);
        // Begun elsewhere, gone on with here.
        e = Assert.Throws<AuditException>(() => Measure(3, 3, "shards", null, default));
        Assert.Contains("the engines differ", e.Message);
        Assert.Equal(ExitCode.Error, e.ExitCode);
    }

    // The shard of each of 40 images, from 0, where nothing but images is measured.
    private static int[] Owners(int shards) => new AuditKit.Checks.Deal([], 40, shards).Owners(1, 40);

    [Fact]
    public void A_shard_that_could_not_answer_the_common_images_is_refused()
    {
        _audit.WriteSpec("accuracy: {}");
        WriteImages(Path.Combine(_audit.Folder, "images"));
        TakeImages("");
        string first = Measure(1, 2, "a", null, default);
        using AuditKit.Data.IDataset data = AuditKit.Data.DatasetCatalog.Open(Load().Data);
        int other = Array.LastIndexOf(Owners(2), 0);
        string image = Path.Combine(_audit.Folder, "images", data.Source(other));
        byte[] bytes = File.ReadAllBytes(image);
        string second = "";
        try
        {
            File.WriteAllBytes(image, bytes[..^1]);
            second = Measure(2, 2, "b", null, default);
        }
        finally
        {
            File.WriteAllBytes(image, bytes);
        }

        AuditException e = Assert.Throws<AuditException>(() => Merge([first, second], "merged"));
        Assert.StartsWith($"{second}: the model answered 39 of the images that every shard shows it, and 40 in another shard", e.Message);
        Assert.Equal(ExitCode.Error, e.ExitCode);
    }

    [Fact]
    public void A_check_that_broke_in_one_shard_is_an_error_of_the_whole()
    {
        _audit.WriteSpec(Light);
        string[] shards = Measure(3);
        using (EvidenceStore store = EvidenceStore.Open(Path.Combine(shards[1], "evidence.sqlite"), Identity(shards[1])))
        {
            (ShardRecord.Read(store)! with { Errors = new Dictionary<string, string> { ["stability"] = "it broke" } }).Write(store);
            store.Seal();
        }

        AuditResult result = Run(shards, "merged");
        Assert.Equal(GateOutcome.Error, result.Verdict);
        Assert.Equal("it broke", result.Sections.Single(section => section.Check == "stability").Error);
        Assert.All(result.Sections.Where(section => section.Check != "stability"), section => Assert.Null(section.Error));
    }

    [Theory]
    [InlineData("seed=2", "seed")]
    [InlineData("data.limit=30", "choice of images")]
    [InlineData("model.mean=[0.5]", "preprocessing")]
    [InlineData("checks.simba.epsilon=0.1", "spec")]
    public void Shards_of_another_audit_are_refused(string change, string named)
    {
        _audit.WriteSpec(Light);
        string[] overrides = change.StartsWith("model.mean", StringComparison.Ordinal) ? [change, "model.std=[0.5]"] : [change];
        string first = Measure(1, 2, "a", null, default), second = Measure(2, 2, "b", null, default, overrides);
        AuditException e = Assert.Throws<AuditException>(() => Merge([first, second], "merged"));
        Assert.Contains("a shard of another audit", e.Message);
        Assert.Contains(named, e.Message);
        Assert.Equal(ExitCode.Error, e.ExitCode);
    }

    [Fact]
    public void What_is_no_finished_shard_is_refused()
    {
        _audit.WriteSpec(Light);
        string[] shards = Measure(2);
        Whole("whole");
        string of3 = Measure(1, 3, "of-3", null, default);
        Refused([shards[0], Path.Combine(_audit.Folder, "whole")], "holds a whole run");
        Assert.Contains("no shard's folder", Assert.Throws<AuditException>(() => Merge([shards[0], Path.Combine(_audit.Folder, "data")], "merged")).Message);
        Refused([shards[0], of3], "in 2 and of one in 3");
        Assert.Contains("holds shard 1/2", Assert.Throws<AuditException>(() => RunFolder.OpenEvidence(shards[0]).Dispose()).Message);
        Assert.Contains("another run", Assert.Throws<AuditException>(() => Measure(2, 2, "shards", null, default, folder: shards[0])).Message);

        using var kill = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Measure(2, 2, "unfinished", (_, _, _) => kill.Cancel(), kill.Token));
        string unfinished = Path.Combine(_audit.Folder, "unfinished", "2");
        Refused([shards[0], unfinished], ". Not finished: ");
        Refused([shards[0], Directory.CreateDirectory(Path.Combine(_audit.Folder, "just begun")).FullName], ". Not finished: ");
        Refused([unfinished], "No shard has finished");
        File.WriteAllBytes(Path.Combine(unfinished, "evidence.sqlite"), []);
        Refused([shards[0], unfinished], ". Not finished: ");

        using (EvidenceStore store = EvidenceStore.Open(Path.Combine(shards[1], "evidence.sqlite"), Identity(shards[1])))
        {
            store.WriteFact("seed", "7");
        }

        Refused(shards, "was changed after its run had ended");

        void Refused(string[] folders, string why)
        {
            AuditException e = Assert.Throws<AuditException>(() => Merge(folders, "merged"));
            Assert.Contains(why, e.Message);
            Assert.Equal(ExitCode.Error, e.ExitCode);
        }
    }

    // What a shard has said of the images that all shards answer.
    private static void Alter(string shard, Action<float[]> change)
    {
        string identity = Identity(shard);
        using EvidenceStore store = EvidenceStore.Open(Path.Combine(shard, "evidence.sqlite"), identity);
        EvidenceStore common = store.Of("common images");
        (int image, float[] logits) = common.Logits(Condition.Clean).First();
        change(logits);
        store.Database.Execute("UPDATE logits SET vector = $0 WHERE image = $1 AND condition IN (SELECT id FROM condition WHERE dataset = "
            + "(SELECT id FROM dataset WHERE name = 'common images'))", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(logits).ToArray(), image);
        store.Seal();
    }
}
