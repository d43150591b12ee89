using System.Diagnostics;
using AuditKit.Evidence;
using AuditKit.Tests.Checks;

namespace AuditKit.Tests.Evidence;

/// <summary>Two processes and one store: a run that is killed with SIGKILL, and a second run into the same folder.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const string Variable = "AUDITKIT_TEST_STORE";
    private const string Identity = "the run that is killed";
    private const int Conditions = 5000;
    private const int Images = 640;
    private const int Batch = 64;
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_killed_run_keeps_whole_batches_locks_nobody_out_and_goes_on()
    {
        string path = Path.Combine(_folder, "evidence.sqlite");
        int before = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            using Process run = StartRun(path);
            if (kill == 0)
            {
                AuditException e = Assert.Throws<AuditException>(() => EvidenceStore.Open(path, Identity));
                Assert.Equal(ExitCode.Usage, e.ExitCode);
                Assert.Contains("another run is writing", e.Message);
                Assert.Throws<AuditException>(() => EvidenceStore.OpenRead(path));
            }

            Assert.False(run.HasExited);
            run.Kill();
            run.WaitForExit();

            using EvidenceStore left = kill == 0 ? EvidenceStore.OpenRead(path) : EvidenceStore.Open(path, Identity);
            int committed = 0;
            for (int condition = 0; left.Predictions(TestPlan.Named($"{condition}")).Any(); condition++)
            {
                int images = left.Predictions(TestPlan.Named($"{condition}")).Count();
                Assert.Equal(condition * Images, committed);
                Assert.Equal(0, images % Batch);
                Assert.True(left.Predictions(TestPlan.Named($"{condition}")).SequenceEqual(Outcomes(condition, 0, images)));
                committed += images;
            }

            Assert.InRange(committed, before + Batch, Conditions * Images);
            before = committed;
        }

        Assert.Equal([path, MarkOf(path)], Directory.GetFiles(_folder).Order());
    }

    /// <summary>Is the run that gets killed: the test above starts it in a process of its own.</summary>
    [Fact(Explicit = true)]
    public void Write_batches_until_killed()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(path is null, "only runs as the child process of the test above");
        using EvidenceStore store = EvidenceStore.Open(path, Identity);
        store.DescribeData(["a", "b"], Enumerable.Range(0, Images).Select(i => new ImageRecord(i, i % 2, $"#{i}")));
        for (int condition = 0; condition < Conditions; condition++)
        {
            for (int image = store.PredictedImages(TestPlan.Named($"{condition}")).Count(done => done); image < Images; image += Batch)
            {
                store.Write(TestPlan.Named($"{condition}"), Outcomes(condition, image, Batch));
                File.AppendAllText(MarkOf(path), ".");
            }
        }

        Thread.Sleep(TimeSpan.FromMinutes(1));
    }

    private static Prediction[] Outcomes(int condition, int first, int count)
        => [.. Enumerable.Range(first, count).Select(i => new Prediction(i, i % 2, 1f / (1 + i), condition))];

    private static string MarkOf(string path) => path + ".mark";

    /// <summary>Starts the run and waits until it has committed a batch.</summary>
    private static Process StartRun(string path)
    {
        File.Delete(MarkOf(path));
        string tests = Path.ChangeExtension(typeof(KilledRunTests).Assembly.Location, null);
        var start = new ProcessStartInfo(tests, ["-method", $"*.{nameof(Write_batches_until_killed)}", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = path },
        };
        Process run = Process.Start(start)!;
        while (!File.Exists(MarkOf(path)))
        {
            Assert.False(run.HasExited, "the run ended by itself");
            Thread.Sleep(10);
        }

        return run;
    }
}
