using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Tests.Checks;
using Microsoft.Data.Sqlite;

namespace AuditKit.Tests.Evidence;

/// <content>Stores of several data sets, and shards that are brought together.</content>
public sealed partial class EvidenceStoreTests
{
    [Fact]
    public void Shards_merge_into_the_same_evidence_in_any_order()
    {
        string[] shards = [.. Enumerable.Range(0, 3).Select(shard => Path.Combine(_folder, $"shard-{shard}.sqlite"))];
        foreach ((int shard, string path) in shards.Index())
        {
            using EvidenceStore store = EvidenceStore.Open(path, Identity);
            store.DescribeData(["cat", "dog", "猫"], ImagesOf(100));
            int[] mine = [.. Enumerable.Range(0, 100).Where(i => i % 3 == shard)];
            store.WriteAttribute("parity", Enumerable.Range(0, 100).Select(i => (i, i % 2 == 0 ? "even" : "odd")));
            store.Write(Condition.Clean, [.. mine.Select(i => new Prediction(i, i % 3, i / 100f))]);
            store.Write(TestPlan.Named("simba"), [.. mine.Select(i => new AttackOutcome(i, true, i, 2 * i, 1, 0.2f, 0, 0.5f))]);
            store.WriteEmbeddings(Condition.Clean, mine, [.. mine.Select(i => (float)i)]);
            store.WriteExample(TestPlan.Named("simba"), mine[0], "original", new Image(1, 1, 1, [(byte)shard]));
            store.WriteFact("queries", "counted");
            store.Seal();
        }

        foreach (string[] order in new string[][] { [shards[0], shards[1], shards[2]], [shards[2], shards[0], shards[1], shards[0]] })
        {
            using EvidenceStore merged = EvidenceStore.Open(Path.Combine(_folder, $"{order.Length}.sqlite"), Identity);
            merged.Merge(Sealed(order), $"{StorePath}.gathering", _ => { });

            float[] embedding = new float[1];
            Assert.Equal(Enumerable.Range(0, 100).Select(i => new Prediction(i, i % 3, i / 100f)), merged.Predictions(Condition.Clean));
            Assert.Equal(Enumerable.Range(0, 100), merged.AttackOutcomes(TestPlan.Named("simba")).Select(o => o.Iterations));
            Assert.Equal([0, 1, 2], merged.Examples(TestPlan.Named("simba")).Select(e => (int)e.Pixels.Samples[0]));
            Assert.All(Enumerable.Range(0, 100), i => Assert.True(merged.TryReadEmbedding(Condition.Clean, i, embedding) && embedding[0] == i));
            Assert.Equal("odd", merged.Attribute("parity")[99]);
            Assert.Equal("counted", merged.Fact("queries"));
        }

        using EvidenceStore other = EvidenceStore.Open(Path.Combine(_folder, "other.sqlite"), Identity);
        other.DescribeData(["cat", "dog", "猫"], ImagesOf(99));
        Assert.Throws<AuditException>(() => other.Merge(Sealed(shards[0]), $"{StorePath}.gathering", _ => { }));
    }

    [Fact]
    public void Another_data_set_has_images_conditions_and_attributes_of_its_own()
    {
        using (EvidenceStore store = Described(images: 3))
        {
            EvidenceStore other = store.Of("other");
            Assert.Equal((0, false), (other.ImageCount, other.HasAttribute("place")));
            other.DescribeData(["cat", "dog", "猫"], [new(0, 2, "a.png"), new(1, 0, "b.png")]);
            store.Write(Condition.Clean, [new Prediction(0, 1, 0.5f), new Prediction(2, 1, 0.5f)]);
            other.Write(Condition.Clean, [new Prediction(1, 2, 0.25f)]);
            other.WriteEmbeddings(Condition.Clean, [0], [7]);
            other.WriteAttribute("place", [(0, "sea"), (1, "land")]);
            store.WriteAttribute("place", [(0, "x"), (1, "y"), (2, "z")]);
            Assert.Throws<ArgumentException>(() => other.Write(Condition.Clean, [new Prediction(2, 0, 1)]));
        }

        using EvidenceStore read = EvidenceStore.OpenRead(StorePath);
        EvidenceStore view = read.Of("other");
        Assert.Equal([new(0, 2, "a.png"), new(1, 0, "b.png")], view.Images());
        Assert.Equal((2, 3), (view.ImageCount, read.ImageCount));
        Assert.Equal(["cat", "dog", "猫"], view.Classes);
        Assert.Equal([new Prediction(1, 2, 0.25f)], view.Predictions(Condition.Clean));
        Assert.Equal([false, true], view.PredictedImages(Condition.Clean));
        Assert.Equal([0, 2], read.Predictions(Condition.Clean).Select(prediction => prediction.Image));
        Assert.Equal(["sea", "land"], view.Attribute("place"));
        Assert.Equal(["x", "y", "z"], read.Attribute("place"));
        Assert.Equal([7], Assert.Single(view.Embeddings(Condition.Clean)).Embedding);
        Assert.Empty(read.Embeddings(Condition.Clean));
        Assert.Equal(["clean"], view.Conditions.Select(condition => condition.Name));
        Assert.Equal(["clean"], read.Conditions.Select(condition => condition.Name));
        view.Dispose();
        Assert.Equal(3, read.Images().Count());
        Assert.Empty(read.Of("a third").Images());
    }

    [Fact]
    public void Other_images_under_the_same_name_or_other_classes_are_refused()
    {
        using EvidenceStore store = Described(images: 3);
        store.Of("other").DescribeData(["cat", "dog", "猫"], ImagesOf(2));
        store.Of("other").DescribeData(["cat", "dog", "猫"], ImagesOf(2));
        Assert.Throws<AuditException>(() => store.Of("other").DescribeData(["cat", "dog", "猫"], ImagesOf(3)));
        Assert.Throws<AuditException>(() => store.Of("more").DescribeData(["cat", "dog"], ImagesOf(2)));
        Assert.Throws<ArgumentException>(() => store.Of("never described").Write(Condition.Clean, [new Prediction(0, 0, 1)]));
        Assert.Equal(2, store.Of("other").ImageCount);
    }

    [Fact]
    public void Shards_that_met_the_data_sets_in_another_order_merge_into_the_same_evidence()
    {
        string[] shards = [Path.Combine(_folder, "a.sqlite"), Path.Combine(_folder, "b.sqlite")];
        foreach ((int shard, string path) in shards.Index())
        {
            using EvidenceStore store = EvidenceStore.Open(path, Identity);
            string[] sets = shard == 0 ? ["x", "y"] : ["y", "x"];
            store.DescribeData(["cat", "dog", "猫"], ImagesOf(4));
            foreach (string set in sets)
            {
                store.Of(set).DescribeData(["cat", "dog", "猫"], ImagesOf(set == "x" ? 6 : 8));
                store.Of(set).Write(Condition.Clean,
                    [.. Enumerable.Range(0, set == "x" ? 6 : 8).Where(i => i % 2 == shard).Select(i => new Prediction(i, i % 3, set == "x" ? 0.1f : 0.9f))]);
                store.Of(set).WriteAttribute("set", Enumerable.Range(0, set == "x" ? 6 : 8).Select(i => (i, set)));
            }

            store.Seal();
        }

        var digests = new HashSet<string>();
        foreach (string[] order in new string[][] { [shards[0], shards[1]], [shards[1], shards[0]] })
        {
            using EvidenceStore merged = EvidenceStore.Open(Path.Combine(_folder, $"{Path.GetFileName(order[0])}-first.sqlite"), Identity);
            merged.Merge(Sealed(order), $"{StorePath}.gathering", _ => { });

            Assert.Equal(Enumerable.Range(0, 6).Select(i => new Prediction(i, i % 3, 0.1f)), merged.Of("x").Predictions(Condition.Clean));
            Assert.Equal(Enumerable.Range(0, 8).Select(i => new Prediction(i, i % 3, 0.9f)), merged.Of("y").Predictions(Condition.Clean));
            Assert.Equal("y", merged.Of("y").Attribute("set")[7]);
            Assert.Empty(merged.Predictions(Condition.Clean));
            digests.Add(merged.Digest());
        }

        Assert.Single(digests);
    }

    [Theory]
    [InlineData("prediction", "image 3")]
    [InlineData("confidence", "image 3")]
    [InlineData("logits", "image 3")]
    [InlineData("attack", "image 3")]
    [InlineData("example", "image 3")]
    [InlineData("attribute", "image 3")]
    [InlineData("figure", "layer")]
    [InlineData("fact", "seed")]
    public void What_two_shards_have_measured_and_have_not_in_common_is_named(string what, string named)
    {
        foreach (string shard in new[] { "a", "b" })
        {
            bool other = shard == "b";
            using EvidenceStore store = EvidenceStore.Open(Path.Combine(_folder, $"{shard}.sqlite"), shard);
            store.CountData(["cat", "dog", "猫"], 5);
            store.Write(Condition.Clean, [new Prediction(3, other && what == "prediction" ? 1 : 0, other && what == "confidence" ? 0.75f : 0.5f)]);
            store.WriteLogits(Condition.Clean, [3], [1, 2, other && what == "logits" ? 3 : 4]);
            store.Write(TestPlan.Named("simba"), [new AttackOutcome(3, true, other && what == "attack" ? 8 : 9, 9, 1, 0.2f, 0, 0.5f)]);
            store.WriteExample(TestPlan.Named("simba"), 3, "original", new Image(1, 1, 1, [(byte)(other && what == "example" ? 1 : 2)]));
            store.WriteAttribute("parity", [(3, other && what == "attribute" ? "even" : "odd")]);
            store.WriteFigure(TestPlan.Named("weights"), "layer", other && what == "figure" ? "1" : "2");
            store.WriteFact("seed", other && what == "fact" ? "1" : "2");
            store.Write(Condition.Clean, other ? [new Prediction(4, 2, 0.5f)] : []);
            store.Seal();
        }

        using EvidenceStore merged = EvidenceStore.Open(Path.Combine(_folder, "merged.sqlite"), Identity);
        string first = Path.Combine(_folder, "a.sqlite"), second = Path.Combine(_folder, "b.sqlite");
        Refused([first, second]);
        Assert.Empty(merged.Predictions(Condition.Clean));
        Refused([first, first, second]);
        Assert.Empty(merged.Predictions(Condition.Clean));
        merged.Merge(Sealed(first, first), $"{StorePath}.gathering", _ => { });
        string digest = merged.Digest();
        Refused([first, second]);
        Assert.Equal(digest, merged.Digest());

        void Refused(string[] shards)
        {
            string message = Assert.Throws<AuditException>(() => merged.Merge(Sealed(shards), $"{StorePath}.gathering", _ => { })).Message;
            Assert.StartsWith($"{second}: ", message);
            Assert.Contains(named, message);
        }
    }

    [Fact]
    public void A_merge_that_was_interrupted_goes_on_with_what_it_has_gathered_of_the_same_shards_alone()
    {
        string gathering = Path.Combine(_folder, "gathering");
        string[] shards = [.. Enumerable.Range(0, 3).Select(number => WriteShard(number, 0.5f))];
        string whole = Merged("whole", shards, int.MaxValue);

        // What is gathered is not read again: a figure that was changed in it arrives.
        Merged("changed", shards, 2);
        Change("UPDATE gathered_prediction SET confidence = 0.125 WHERE shard = 0 AND predicted = 1");
        Merged("changed", shards, int.MaxValue);
        using (EvidenceStore changed = EvidenceStore.OpenRead(StoreOf("changed")))
        {
            Assert.Equal([0.125f, 0.5f, 0.5f], changed.Predictions(Condition.Clean).Select(prediction => prediction.Confidence));
        }

        // All that was gathered is in the store, which says so until it is sealed.
        Assert.False(File.Exists(gathering));
        Assert.Equal(whole, Merged("whole", shards, 1));

        // Gathered for a store that was deleted since.
        Merged("deleted", shards, 2);
        File.Delete(StoreOf("deleted"));
        Assert.Equal(whole, Merged("deleted", shards, int.MaxValue));

        // Damaged, or a shard was run again.
        Merged("damaged", shards, 2);
        File.WriteAllText(gathering, "no database");
        Assert.Equal(whole, Merged("damaged", shards, int.MaxValue));
        Merged("again", [shards[2], shards[0], shards[1]], 2);
        File.Delete(shards[0]);
        WriteShard(0, 0.25f);
        Assert.NotEqual(whole, Merged("again", shards, int.MaxValue));
        using EvidenceStore again = EvidenceStore.OpenRead(StoreOf("again"));
        Assert.Equal([0.25f, 0.5f, 0.5f], again.Predictions(Condition.Clean).Select(prediction => prediction.Confidence));

        string StoreOf(string name) => Path.Combine(_folder, $"{name}.sqlite");

        string WriteShard(int number, float confidence)
        {
            string path = StoreOf($"shard-{number}");
            using EvidenceStore store = EvidenceStore.Open(path, Identity);
            store.CountData(["cat", "dog"], 3);
            store.Write(Condition.Clean, [new Prediction(number, 1, confidence)]);
            store.Write(TestPlan.Named($"weights {number}"), [new Prediction(number, 0, 1)]);
            store.Seal();
            return path;
        }

        string Merged(string name, string[] order, int killed)
        {
            using EvidenceStore merged = EvidenceStore.Open(StoreOf(name), Identity);
            try
            {
                merged.Merge(Sealed(order), gathering, count => _ = count < killed ? 0 : throw new OperationCanceledException());
            }
            catch (OperationCanceledException)
            {
                return "";
            }

            return merged.Digest();
        }

        void Change(string sql)
        {
            using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = gathering, Pooling = false }.ToString());
            file.Open();
            using SqliteCommand command = file.CreateCommand();
            command.CommandText = sql;
            Assert.Equal(1, command.ExecuteNonQuery());
        }
    }

    private static (string Path, string Seal)[] Sealed(params string[] shards) =>
    [
        .. shards.Select(path =>
        {
            using EvidenceStore shard = EvidenceStore.OpenRead(path);
            return (path, shard.KeptSeal!);
        }),
    ];

    [Fact]
    public void A_shard_names_no_image_and_says_so()
    {
        using EvidenceStore store = EvidenceStore.Open(StorePath, Identity);
        store.CountData(["cat"], 3);
        Assert.Contains("Bring the shards together first", Assert.Throws<AuditException>(store.Labels).Message);
        Assert.Contains("Bring the shards together first", Assert.Throws<AuditException>(() => store.Image(1)).Message);
    }

    [Fact]
    public void A_data_set_is_counted_first_and_named_later()
    {
        using EvidenceStore store = EvidenceStore.Open(StorePath, Identity);
        EvidenceStore counted = store.Of("provisional");
        counted.CountData(["cat", "dog", "猫"], 3);
        counted.Write(Condition.Clean, [new Prediction(2, 1, 0.5f)]);
        counted.WriteAttribute("place", [(2, "sea")]);
        Assert.False(counted.HasAttribute("place"));
        Assert.Throws<AuditException>(() => counted.DescribeData(["cat", "dog", "猫"], ImagesOf(4)));
        EvidenceStore renamed = counted.Renamed("final");
        renamed.DescribeData(["cat", "dog", "猫"], ImagesOf(3));
        Assert.Equal([new Prediction(2, 1, 0.5f)], renamed.Predictions(Condition.Clean));
        renamed.WriteAttribute("place", [(0, "land"), (1, "land"), (2, "land")]);
        Assert.Equal(["land", "land", "sea"], renamed.Attribute("place"));
        Assert.Equal(["final"], store.FurtherData);

        // What a second merge would bring under the old name is left where the new one has it already.
        store.Of("provisional").CountData(["cat", "dog", "猫"], 3);
        Assert.Equal([new Prediction(2, 1, 0.5f)], store.Of("provisional").Renamed("final").Predictions(Condition.Clean));
    }
}
