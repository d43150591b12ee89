using AuditKit.Checks;
using AuditKit.Checks.Tta;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Tests.Data;

namespace AuditKit.Tests.Checks.Tta;

/// <summary>Mean embeddings and their probes.</summary>
public sealed partial class TtaTests
{
    [Fact]
    public void Mean_embeddings_have_a_probe_of_their_own_and_central_ones_another()
    {
        // Nine pixels of which the middle one alone is not black: a crop of one pixel shows it one time in nine.
        static Image Made(int i, int more = 0) => new(3, 3, 1, [0, 0, 0, 0, (byte)((i % 2 == 0 ? 100 : 220) + more), 0, 0, 0, 0]);
        using var probe = new ProbeFolder(3, [.. Enumerable.Range(0, 60).Select(i => Made(i, more: 1))], [.. Enumerable.Range(0, 60).Select(i => i % 2)]);
        Image[] images = [.. Enumerable.Range(0, 100).Select(i => Made(i))];
        using var bench = new Bench(new SyntheticData(images, [.. Enumerable.Range(0, 100).Select(i => i % 2)], ["0", "1"]));
        using var model = new SyntheticClassifier(new(1, 1, 1), 2, (_, _) => { })
        {
            EmbeddingLength = 1,
            Embedding = (pixels, embedding) => embedding[0] = pixels[0],
        };
        CheckContext context = bench.Context(model) with { Transform = new InputTransform(model.Input, crop: true) };
        Section section = Run(context, $"variants: [], metta: [400], {probe.Key}");
        double Probe(string subject) => section.Findings
            .Single(finding => finding.Metric == "accuracy of a linear probe" && finding.Subject == subject).Estimate!.Value;
        Assert.Equal((1, 1), (Probe("central embedding"), Probe("mean embedding of 400")));
        double mean = bench.Evidence.Embeddings(Named(bench, "metta, 400 samples")).Where(row => row.Image % 2 == 1).Average(row => row.Embedding[0]);
        Assert.Equal(220 / 255.0 / 9, mean, 0.005);

        // To the means' probe every central embedding is a bright one, and one crop is dark eight times in nine.
        ChartSeries[] curves = [.. section.Charts[^2].Series];
        Assert.Equal(["400 samples to central", "400 samples to one"], curves.Select(curve => curve.Name));
        Assert.All(curves, curve => Assert.Equal((0, 1, 1), (curve.X[0], curve.X[^1], curve.Y[0])));
        Assert.Equal(0.5, curves[0].Y[^1]);
        int shown = bench.Evidence.Embeddings(Named(bench, "metta, 1 sample")).Sum(row => row.Embedding[0] > 0 ? (row.Image % 2 == 1 ? 1 : -1) : 0);
        Assert.Equal(0.5 + (shown / 100.0), curves[1].Y[^1], 1e-9);
    }

    [Fact]
    public void A_split_that_shares_its_list_of_classes_alone_has_other_images()
    {
        using var folder = new DataFolder();
        folder.Write("batches.meta.txt", string.Concat(Enumerable.Range(0, 10).Select(i => $"class {i}\n")));
        folder.Write("data_batch_1.bin", new byte[3073]);
        folder.Write("test_batch.bin", [.. new byte[3072], 1]);
        string Data(string split) => $"{{ format: cifar-10, path: '{folder.Root}', split: {split} }}";
        TtaOptions training = TestPlan.Options<TtaOptions>(TtaOptions.Check, $"variants: [], metta: [2], probe: {Data("train")}");
        TtaOptions test = TestPlan.Options<TtaOptions>(TtaOptions.Check, $"variants: [], metta: [2], probe: {Data("test")}");
        using IDataset audited = DatasetCatalog.Open(test.Probe!);
        training.Bind([]).Check.Validate(audited, new InputTransform(new(3, 32, 32)));
        Assert.Throws<AuditException>(() => test.Bind([]).Check.Validate(audited, new InputTransform(new(3, 32, 32))));
    }

    [Fact]
    public void A_probe_is_fitted_on_other_images_of_the_same_classes()
    {
        using var probe = new ProbeFolder(1, [.. Enumerable.Range(0, 4).Select(i => new Image(1, 1, 1, [(byte)i]))], [0, 1, 0, 1]);
        TtaOptions options = TestPlan.Options<TtaOptions>(TtaOptions.Check, $"variants: [], metta: [2], {probe.Key}");
        using IDataset same = DatasetCatalog.Open(options.Probe!);
        void Validate(IDataset audited) => options.Bind([]).Check.Validate(audited, new InputTransform(new(1, 1, 1)));
        var error = Assert.Throws<AuditException>(() => Validate(same));
        Assert.StartsWith("checks.tta.probe: 4 of the images of ", error.Message);
        Assert.EndsWith(" are audited ones. A probe is fitted on images that it is not judged on: name training images.", error.Message);
        error = Assert.Throws<AuditException>(() => Validate(SyntheticData.Pixels([1, 2], [0, 1], ["cat", "dog"])));
        Assert.Contains("has the classes 0, 1, not the audited data's cat, dog.", error.Message);
        error = Assert.Throws<AuditException>(() => options.Bind([]).Check.Validate(
            SyntheticData.Pixels([1, 2], [0, 1], ["0", "1"]), new InputTransform(new(1, 5, 5))));
        Assert.StartsWith("checks.tta.probe: ", error.Message);
    }

    private sealed class ProbeFolder : IDisposable
    {
        private readonly DataFolder _folder = new();

        public ProbeFolder(int side, Image[] images, int[] labels)
        {
            _folder.Write("t10k-images-idx3-ubyte", DataFolder.Idx([images.Length, side, side], [.. images.SelectMany(image => image.Samples)]));
            _folder.Write("t10k-labels-idx1-ubyte", DataFolder.Idx([labels.Length], [.. labels.Select(label => (byte)label)]));
        }

        public string Key => $"probe: {{ format: idx, path: '{_folder.Root}', split: test, classes: ['0', '1'] }}";

        public void Dispose() => _folder.Dispose();
    }
}
