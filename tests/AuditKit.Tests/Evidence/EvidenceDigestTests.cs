using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Tests.Checks;

namespace AuditKit.Tests.Evidence;

public sealed class EvidenceDigestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-digest-").FullName;

    [Fact]
    public void It_does_not_depend_on_the_order_of_writing()
    {
        string forward = Digest("forward", [0, 1, 2], reverse: false);
        Assert.Equal(forward, Digest("backward", [2, 1, 0], reverse: true));
        Assert.Equal(64, forward.Length);
    }

    // As every version has computed it: seals, baselines and reports of earlier ones depend on it.
    [Fact]
    public void It_is_what_it_always_was()
    {
        using EvidenceStore store = EvidenceStore.Open(Path.Combine(_folder, "kept"), "run");
        store.DescribeData(["猫", ""], Enumerable.Range(0, 3).Select(i => new ImageRecord(i, i % 2, $"bild {i}.png")));
        store.WriteAttribute("größe", [(0, "1.5"), (1, ""), (2, "ä")]);
        store.Write(Condition.Clean, [new Prediction(0, 1, 0.5f), new Prediction(2, 0, 0.75f, 3)]);
        store.WriteLogits(Condition.Clean, [0, 2], [1, float.NaN, -0.0f, float.Epsilon]);
        store.WriteExample(TestPlan.Named("jpeg-50"), 1, "original", new Image(224, 224, 3, [.. Enumerable.Range(0, 224 * 224 * 3).Select(i => (byte)(i * 7))]));
        store.Of("another").DescribeData(["猫", ""], [new ImageRecord(0, 1, "#0")]);
        store.Of("another").Write(TestPlan.Named("simba"), [new AttackOutcome(0, true, 1, 2, 0.1f, 0.2f, 1, 0.5f)]);
        store.WriteFigure(TestPlan.Named("weights"), "conv1", "{}");
        store.WriteFact("note", "äöü 猫");
        Assert.Equal("d0d2db9ed53e3e52933e8cf03230590220b3ff79c1ae67780fa4a701086b6cfa", store.Digest());
    }

    [Theory]
    [InlineData("UPDATE prediction SET predicted = 1 - predicted WHERE image = 1")]
    [InlineData("UPDATE prediction SET confidence = 0.5000001 WHERE image = 2")]
    [InlineData("UPDATE prediction SET distance = 1.0 WHERE image = 2")]
    [InlineData("DELETE FROM prediction WHERE image = 2")]
    [InlineData("UPDATE attack_outcome SET queries = queries + 1 WHERE image = 0")]
    [InlineData("UPDATE logits SET vector = x'0000000000000000' WHERE image = 0")]
    [InlineData("UPDATE embedding SET vector = x'00000000' WHERE image = 1")]
    [InlineData("UPDATE example SET samples = x'01'")]
    [InlineData("UPDATE image SET source = '#9' WHERE position = 1")]
    [InlineData("UPDATE class SET name = 'c' WHERE label = 1")]
    [InlineData("UPDATE attribute_value SET value = 'x' WHERE image = 1")]
    [InlineData("UPDATE fact SET value = 'x'")]
    [InlineData("UPDATE condition SET name = 'other' WHERE name = 'clean'")]
    public void Every_change_of_an_outcome_shows(string change)
    {
        string before = Digest("store", [0, 1, 2], reverse: false);
        using EvidenceStore store = EvidenceStore.Open(Path.Combine(_folder, "store"), "run");
        store.Database.Execute(change);
        Assert.NotEqual(before, store.Digest());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Digest(string name, int[] order, bool reverse)
    {
        using EvidenceStore store = EvidenceStore.Open(Path.Combine(_folder, name), "run");
        store.DescribeData(["a", "b"], Enumerable.Range(0, 3).Select(i => new ImageRecord(i, i % 2, $"#{i}")));
        Action[] writes =
        [
            () => store.WriteAttribute("shade", order.Select(i => (i, $"shade {i}"))),
            () => store.WriteAttribute("colour", order.Select(i => (i, $"colour {i}"))),
            .. order.Select(i => (Action)(() => store.Write(Condition.Clean, [new Prediction(i, i % 2, 0.5f)]))),
            () => store.Write(TestPlan.Named("jpeg-50"), [.. order.Select(i => new Prediction(i, 0, 0.25f, i))]),
            () => store.Write(TestPlan.Named("simba"), [.. order.Select(i => new AttackOutcome(i, true, 1, 2, 0.1f, 0.1f, 1, 0.5f))]),
            () => store.WriteLogits(Condition.Clean, order, [.. order.SelectMany(i => new[] { i, i + 1f })]),
            () => store.WriteEmbeddings(Condition.Clean, order, [.. order.Select(i => (float)i)]),
            () => store.WriteExample(Condition.Clean, 1, "original", new Image(1, 1, 1)),
            () => store.WriteFact("note", "value"),
        ];
        foreach (Action write in reverse ? writes.Reverse() : writes)
        {
            write();
        }

        return store.Digest();
    }
}
