using System.IO.Compression;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Tests;
using AuditKit.Training.Tests.Graphs;
using AuditKit.Training.Libtorch;

namespace AuditKit.Training.Tests.Libtorch;

/// <summary>AuditKit.Training.Tests/Data/small.pt takes 1×H×W images and gives two logits; its tests say what it computes.</summary>
public sealed class TorchScriptClassifierTests : IDisposable
{
    private static readonly string _small = Path.Combine(Repository.Root, "tests", "AuditKit.Training.Tests", "Data", "small.pt");
    private static readonly ClassifierOptions _options = new() { Input = new InputShape(1, 4, 4), Threads = 2 };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Logits_are_those_that_the_model_gave_when_it_was_saved()
    {
        using var model = new TorchScriptClassifier(_small, _options with { Mean = [-1], StandardDeviation = [0.5f] });
        Assert.Equal((2, 0), (model.Classes, model.EmbeddingLength));
        // 0 … 31 after (x + 1) / 0.5.
        float[] pixels = [.. Enumerable.Range(0, 32).Select(i => (i * 0.5f) - 1)];
        float[] logits = new float[4];
        model.Run(pixels, 2, logits, []);
        float[] expected = [35.7998f, 94.5495f, 93.3995f, 281.7486f];
        Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void ResNet_20_reaches_its_published_accuracy_on_CIFAR_10()
    {
        const int Record = 1 + (3 * 32 * 32);
        const int Batch = 1000;
        byte[] records = File.ReadAllBytes(Repository.Shared("data/cifar-10-batches-bin/test_batch.bin"));
        using var model = new TorchScriptClassifier(Repository.Shared("models/cifar10-resnet20.torchscript.pt"), new()
        {
            Input = new InputShape(3, 32, 32),
            Mean = [0.485f, 0.456f, 0.406f],
            StandardDeviation = [0.229f, 0.224f, 0.225f],
            Threads = 2,
        });
        float[] pixels = new float[Batch * model.Input.Length];
        float[] logits = new float[Batch * 10];
        int right = 0;
        foreach (byte[] batch in records.Chunk(Batch * Record))
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = batch[(i / (Record - 1) * Record) + 1 + (i % (Record - 1))] / 255f;
            }

            model.Run(pixels, Batch, logits, []);
            right += logits.Chunk(10).Where((row, i) => Array.IndexOf(row, row.Max()) == batch[i * Record]).Count();
        }

        Assert.Equal(9173, right);
    }

    [Fact]
    public void What_is_said_of_an_image_does_not_depend_on_its_batch()
    {
        using var model = new TorchScriptClassifier(
            Repository.Shared("models/cifar10-resnet20.torchscript.pt"), new() { Input = new InputShape(3, 32, 32), Threads = 2 });
        float[] pixels = Cifar.Images(40).As<float>().ToArray();
        float[] together = Run(model, pixels);
        Assert.Equal(together, pixels.Chunk(3072).SelectMany(image => Run(model, image)));
        Assert.Equal(together, pixels.Chunk(7 * 3072).SelectMany(images => Run(model, images)));
    }

    [Fact]
    public void A_model_that_gives_no_finite_number_fails_while_running_and_names_the_image()
    {
        using var model = new TorchScriptClassifier(_small, _options);
        float[] pixels = new float[40 * 16];
        pixels[35 * 16] = float.PositiveInfinity;
        NotFiniteException error = Assert.Throws<NotFiniteException>(() => Run(model, pixels));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains("image 35", error.Message);
    }

    [Fact]
    public void A_missing_input_shape_and_an_embedding_are_refused()
    {
        Refused(_small, _options with { Input = null }, "input: [channels, height, width]");
        Refused(_small, _options with { Embedding = "features" }, "features");
    }

    [Fact]
    public void Images_that_do_not_fit_are_refused()
        => Refused(_small, _options with { Input = new InputShape(3, 4, 4) }, "libtorch failed on images of 3×4×4");

    [Fact]
    public void A_gpu_that_is_not_there_is_refused()
        => Refused(_small, _options with { Device = Device.Parse("cuda:99") }, "no device cuda:99");

    [Fact]
    public void A_missing_file_is_refused() => Refused(_path + ".pt", _options, "cannot be read");

    [Fact]
    public void Garbage_a_pickle_and_a_truncated_file_are_refused()
    {
        File.WriteAllBytes(_path, [0x80, 0x02, .. "}q\0."u8]);
        Refused(_path, _options, "not a TorchScript file");
        File.WriteAllBytes(_path, File.ReadAllBytes(_small)[..6000]);
        Refused(_path, _options, "not a TorchScript file");
    }

    [Fact]
    public void A_state_dict_as_torch_save_writes_it_is_refused()
    {
        using (ZipArchive archive = ZipFile.Open(_path, ZipArchiveMode.Update))
        {
            archive.CreateEntry("archive/data.pkl");
        }

        Refused(_path, _options, "Pickles");
    }

    [Fact]
    public void An_archive_with_code_that_is_no_TorchScript_is_refused()
    {
        using (ZipArchive archive = ZipFile.Open(_path, ZipArchiveMode.Update))
        {
            archive.CreateEntry("archive/code/__torch__.py");
        }

        Refused(_path, _options, "libtorch cannot load");
    }

    private static float[] Run(TorchScriptClassifier model, float[] pixels)
    {
        int count = pixels.Length / model.Input.Length;
        float[] logits = new float[count * model.Classes];
        model.Run(pixels, count, logits, []);
        return logits;
    }

    private static void Refused(string path, ClassifierOptions options, string expected)
    {
        AuditException error = Assert.Throws<AuditException>(() => new TorchScriptClassifier(path, options));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(expected, error.Message);
    }
}
