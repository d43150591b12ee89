using AuditKit.Evidence;
using AuditKit.Imaging;
using Microsoft.Data.Sqlite;
using AuditKit.Tests.Checks;

namespace AuditKit.Tests.Evidence;

public sealed partial class EvidenceStoreTests : IDisposable
{
    private const string Identity = "sha256:of spec, model, data, seed and version";
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    private string StorePath => Path.Combine(_folder, "evidence.sqlite");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back_exactly_after_reopening()
    {
        Prediction[] predictions = [new(0, 2, 1f / 3), new(1, 0, float.BitIncrement(0.5f), 1e-30f), new(4, 1, 1, 0)];
        AttackOutcome[] attacks = [new(0, true, 17, 35, 1.4142135f, 0.2f, 1, 0.51f), new(3, false, 1000, 2001, 3.3f, 0.2f, 0, 0.999f)];
        var red = new Image(2, 1, 3, [255, 0, 0, 254, 1, 0]);
        using (EvidenceStore store = Described(images: 5))
        {
            store.WriteAttribute("brightness", Enumerable.Range(0, 5).Select(i => (i, $"{i}.5")));
            store.Write(TestPlan.Named("jpeg-50"), predictions);
            store.Write(TestPlan.Named("simba"), attacks);
            store.WriteEmbeddings(Condition.Clean, [1, 4], [1, float.NaN, 3, 4, 5, float.Epsilon]);
            store.WriteExample(TestPlan.Named("jpeg-50"), 4, "original", red);
            store.WriteExample(TestPlan.Named("jpeg-50"), 4, "jpeg-50", new Image(1, 1, 1, [7]));
            store.WriteExample(TestPlan.Named("jpeg-50"), 1, "original", new Image(1, 1, 1, [8]));
            store.WriteFact("data.sha256", "old");
            store.WriteFact("data.sha256", "äöü 猫");
        }

        using EvidenceStore read = EvidenceStore.OpenRead(StorePath);
        Assert.Equal(Identity, read.Identity);
        Assert.Equal(["cat", "dog", "猫"], read.Classes);
        Assert.Equal(5, read.ImageCount);
        Assert.Equal(new ImageRecord(4, 1, "#4"), read.Images().Last());
        Assert.Equal(read.Images().Select(image => image.Label), read.Labels());
        Assert.All(read.Images(), image => Assert.Equal(image, read.Image(image.Index)));
        Assert.Throws<ArgumentException>(() => read.Image(5));
        Assert.True(read.HasAttribute("brightness"));
        Assert.False(read.HasAttribute("contrast"));
        Assert.Equal(["0.5", "1.5", "2.5", "3.5", "4.5"], read.Attribute("brightness"));
        Assert.Equal(predictions, read.Predictions(TestPlan.Named("jpeg-50")));
        Assert.Equal([true, true, false, false, true], read.PredictedImages(TestPlan.Named("jpeg-50")));
        Assert.Equal(attacks, read.AttackOutcomes(TestPlan.Named("simba")));
        Assert.Equal([true, false, false, true, false], read.AttackedImages(TestPlan.Named("simba")));
        float[] embedding = new float[3];
        Assert.True(read.TryReadEmbedding(Condition.Clean, 4, embedding));
        Assert.Equal([4, 5, float.Epsilon], embedding);
        Assert.False(read.TryReadEmbedding(Condition.Clean, 0, embedding));
        (int Image, string Label, Image Pixels)[] examples = [.. read.Examples(TestPlan.Named("jpeg-50"))];
        Assert.Equal([(1, "original"), (4, "original"), (4, "jpeg-50")], examples.Select(e => (e.Image, e.Label)));
        Assert.Equal(red.Samples, examples[1].Pixels.Samples);
        Assert.Equal((2, 1, 3), (examples[1].Pixels.Width, examples[1].Pixels.Height, examples[1].Pixels.Channels));
        Assert.Equal("äöü 猫", read.Fact("data.sha256"));
        Assert.Null(read.Fact("model.sha256"));
        Assert.Empty(read.Predictions(TestPlan.Named("never measured")));
    }

    [Fact]
    public void Outcomes_come_in_image_order_whatever_order_they_were_written_in()
    {
        Prediction[] predictions = [.. Enumerable.Range(0, 500).Select(i => new Prediction(i, i % 3, i / 500f, i))];
        using EvidenceStore store = Described(images: 500);
        for (int order = 0; order < 3; order++)
        {
            int[] images = [.. Enumerable.Range(0, 500)];
            CounterRandom.For(7, "order", order).Shuffle(images);
            foreach (int[] batch in images.Chunk(1 + (order * 40)))
            {
                store.Write(TestPlan.Named($"condition-{order}"), [.. batch.Select(i => predictions[i])]);
            }

            Assert.Equal(predictions, store.Predictions(TestPlan.Named($"condition-{order}")));
        }
    }

    [Fact]
    public void An_outcome_written_twice_is_kept_once()
    {
        using EvidenceStore store = Described(images: 2);
        store.Write(Condition.Clean, [new Prediction(0, 1, 0.5f)]);
        store.Write(Condition.Clean, [new Prediction(0, 2, 0.9f), new Prediction(1, 2, 0.9f)]);
        store.WriteExample(Condition.Clean, 0, "original", new Image(1, 1, 1, [1]));
        store.WriteExample(Condition.Clean, 0, "original", new Image(1, 1, 1, [2]));
        Assert.Equal([new Prediction(0, 1, 0.5f), new Prediction(1, 2, 0.9f)], store.Predictions(Condition.Clean));
        Assert.Equal(1, Assert.Single(store.Examples(Condition.Clean)).Pixels.Samples[0]);
    }

    [Fact]
    public void Several_enumerations_and_writes_may_be_under_way_at_once()
    {
        using EvidenceStore store = Described(images: 4);
        store.Write(Condition.Clean, [.. Enumerable.Range(0, 4).Select(i => new Prediction(i, 0, 1))]);
        foreach ((Prediction clean, ImageRecord image) in store.Predictions(Condition.Clean).Zip(store.Images()))
        {
            store.Write(TestPlan.Named("copy"), [clean with { Predicted = image.Label }]);
        }

        store.WriteAttribute("label", store.Images().Select(image => (image.Index, $"{image.Label}")));
        Assert.Equal([0, 1, 2, 0], store.Predictions(TestPlan.Named("copy")).Select(p => p.Predicted));
        Assert.Equal(["0", "1", "2", "0"], store.Attribute("label"));
    }

    [Fact]
    public void A_batch_that_fails_half_way_leaves_nothing_behind()
    {
        using EvidenceStore store = Described(images: 3);
        Assert.Throws<ArgumentException>(() => store.Write(Condition.Clean, [new Prediction(0, 0, 1), new Prediction(3, 0, 1)]));
        Assert.Throws<ArgumentException>(() => store.Write(Condition.Clean, [new Prediction(0, 0, 1), new Prediction(1, 3, 1)]));
        store.WriteAttribute("part", [(0, "x"), (1, "x")]);
        Assert.False(store.HasAttribute("part"));
        Assert.Throws<AuditException>(() => store.Attribute("part"));
        Assert.Throws<ArgumentException>(() => store.WriteAttribute("a", [(0, "x"), (1, "x"), (3, "x")]));
        Assert.Throws<InvalidTimeZoneException>(() => store.WriteAttribute("a", Broken()));
        Assert.Empty(store.Predictions(Condition.Clean));
        Assert.False(store.HasAttribute("a"));
        store.Write(Condition.Clean, [new Prediction(0, 0, 1)]);
        Assert.Single(store.Predictions(Condition.Clean));

        static IEnumerable<(int, string)> Broken()
        {
            yield return (0, "x");
            throw new InvalidTimeZoneException("what reads the image failed");
        }
    }

    [Fact]
    public void The_data_are_described_once_and_other_data_are_refused()
    {
        using EvidenceStore store = Described(images: 3);
        store.DescribeData(["cat", "dog", "猫"], ImagesOf(3));
        Assert.Equal(3, store.ImageCount);
        Assert.Throws<AuditException>(() => store.DescribeData(["cat", "dog", "bird"], ImagesOf(3)));
        Assert.Throws<AuditException>(() => store.DescribeData(["cat", "dog", "猫"], ImagesOf(4)));
        Assert.Throws<AuditException>(() => store.DescribeData(["cat", "dog", "猫"], ImagesOf(3).Select(i => i with { Label = 0 })));
    }

    [Fact]
    public void A_store_of_another_run_is_refused_and_left_as_it_was()
    {
        Described(images: 3).Dispose();
        AuditException e = Assert.Throws<AuditException>(() => EvidenceStore.Open(StorePath, "another"));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Contains("another run", e.Message);
        using EvidenceStore store = EvidenceStore.OpenRead(StorePath);
        Assert.Equal(3, store.ImageCount);
    }

    [Fact]
    public void After_closing_there_is_one_file_that_can_be_read_where_nothing_can_be_written()
    {
        using (EvidenceStore store = Described(images: 3))
        {
            store.Write(Condition.Clean, [new Prediction(0, 0, 1)]);
            Assert.True(Directory.GetFiles(_folder).Length > 1);
        }

        Assert.Equal([StorePath], Directory.GetFiles(_folder));
        byte[] before = File.ReadAllBytes(StorePath);
        using (EvidenceStore read = EvidenceStore.OpenRead(StorePath))
        {
            Assert.Single(read.Predictions(Condition.Clean));
            Assert.Throws<AuditException>(() => read.WriteFact("a", "b"));
        }

        Assert.Equal([StorePath], Directory.GetFiles(_folder));
        Assert.Equal(before, File.ReadAllBytes(StorePath));
    }

    [Fact]
    public void A_full_disk_stops_the_run_and_keeps_what_was_committed()
    {
        int committed = 0;
        using (EvidenceStore store = Described(images: 20_000))
        {
            long pages = store.Database.Query("PRAGMA page_count", row => row.GetInt64(0)).Single();
            store.Database.Execute($"PRAGMA max_page_count = {pages + 50}");
            AuditException e = Assert.Throws<AuditException>(() =>
            {
                foreach (Prediction[] batch in ManyPredictions(20_000).Chunk(1000))
                {
                    store.Write(Condition.Clean, batch);
                    committed += batch.Length;
                }
            });
            Assert.Equal(ExitCode.Error, e.ExitCode);
            Assert.Contains("disk is full", e.Message);
            Assert.Contains(StorePath, e.Message);
        }

        Assert.True(committed > 0);
        using EvidenceStore resumed = EvidenceStore.Open(StorePath, Identity);
        Assert.Equal(committed, resumed.PredictedImages(Condition.Clean).Count(done => done));
        resumed.Write(Condition.Clean, [.. ManyPredictions(20_000).Skip(committed)]);
        Assert.True(ManyPredictions(20_000).SequenceEqual(resumed.Predictions(Condition.Clean)));
    }

    [Fact]
    public void An_embedding_of_another_length_is_an_error()
    {
        using EvidenceStore store = Described(images: 1);
        store.WriteEmbeddings(Condition.Clean, [0], [1, 2]);
        Assert.Throws<AuditException>(() => store.TryReadEmbedding(Condition.Clean, 0, new float[3]));
    }

    private static IEnumerable<ImageRecord> ImagesOf(int count) => Enumerable.Range(0, count).Select(i => new ImageRecord(i, i % 3, $"#{i}"));

    private static IEnumerable<Prediction> ManyPredictions(int count)
        => Enumerable.Range(0, count).Select(i => new Prediction(i, i % 3, i / (float)count, i));

    private EvidenceStore Described(int images)
    {
        EvidenceStore store = EvidenceStore.Open(StorePath, Identity);
        store.DescribeData(["cat", "dog", "猫"], ImagesOf(images));
        return store;
    }

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
