using System.Security.Cryptography;
using System.Text;
using AuditKit.Imaging;
using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// Stage 1: the training images of a class, each moved into both of its subgroups by a CycleGAN between them. They are
/// kept in the run's folder, with a digest of all that they depend on.
/// </summary>
internal sealed class Translations
{
    private const int MadeAtOnce = 64;

    private readonly ClassImages _images;
    private readonly Dictionary<int, int> _places;

    // For each image both versions, C×H×W.
    private readonly byte[] _samples;

    private Translations(ClassImages images, byte[] samples)
    {
        (_images, _samples) = (images, samples);
        _places = images.Images.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
    }

    /// <summary>Reads a class's translations, or makes them and keeps them.</summary>
    /// <exception cref="AuditException">Training the CycleGAN diverged, or an image or the folder cannot be used.</exception>
    public static Translations Of(TrainingTask task, int label, GanOptions options)
    {
        var images = ClassImages.Read(task, label);
        byte[] identity = Identity(task, label, images, options);
        string file = Path.Combine(task.Folder, $"translations-{label}.bin");
        long length = 2L * images.Images.Count * task.Transform.Input.Length;
        if (length > Array.MaxLength)
        {
            throw new AuditException($"{task.Recipe.Name}: the versions of class {task.Data.Classes[label]} would take "
                + $"{length >> 20} MB, more than can be kept in memory. Set data.limit or a smaller model.input.");
        }

        if (Load(file, identity, (int)length) is { } kept)
        {
            return new Translations(images, kept);
        }

        byte[] made = Make(task, label, images, options, (int)length);
        Save(file, identity, made);
        return new Translations(images, made);
    }

    /// <summary>An image moved into a subgroup of its class.</summary>
    /// <param name="image">The image's index in the data.</param>
    /// <param name="value">The subgroup's value of the attribute.</param>
    public Image Version(int image, int value) => Moved(_places[image], value);

    /// <summary>Some images of each subgroup, over again where it has fewer: as they are, then moved into one and into the other.</summary>
    public IEnumerable<Image> Samples(int ofEach) => _images.Members
        .SelectMany(members => Enumerable.Range(0, ofEach).Select(i => members[i % members.Count]))
        .SelectMany(place => new[] { _images.Original(place), Moved(place, 0), Moved(place, 1) });

    private Image Moved(int place, int value)
    {
        int length = _samples.Length / (2 * _images.Images.Count);
        return _images.Image(_samples.AsSpan(((2 * place) + value) * length, length));
    }

    private static byte[] Make(TrainingTask task, int label, ClassImages images, GanOptions options, int length)
    {
        (int channels, int height, int width) = task.Transform.Input;
        string name = task.Data.Classes[label];
        uint seed = CounterRandom.For(task.Recipe.Seed, "clamp/seed", label).NextUInt32();
        using var gan = new CycleGan(seed, task.Network.Device, channels, GanSize.For(Math.Max(height, width)), options.Rate);
        for (int step = 0; step < options.Steps; step++)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            CounterRandom random = CounterRandom.For(task.Recipe.Seed, $"clamp/{label}", step);
            Tensor Draw(IReadOnlyList<int> members)
                => images.Tensor([.. Enumerable.Range(0, options.Batch).Select(_ => members[random.NextInt32(members.Count)])], task.Network.Device);
            double loss = gan.Step(Draw(images.Members[0]), Draw(images.Members[1]), random);
            if (!double.IsFinite(loss))
            {
                throw new AuditException($"the CycleGAN of class {name} lost its numbers in step {step + 1}: its loss became "
                    + $"{loss}. Try a lower method.gan.rate.", ExitCode.Error);
            }

            task.Progress($"moving {name} between its subgroups", step + 1, options.Steps);
        }

        using IDisposable gradients = no_grad();
        var made = new MemoryStream(length);
        foreach (int[] places in Enumerable.Range(0, images.Images.Count).Chunk(MadeAtOnce))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor originals = images.Tensor(places, task.Network.Device);
            made.Write(ClassImages.Bytes(stack([gan.Move(originals, 0), gan.Move(originals, 1)], dim: 1)));
        }

        return made.GetBuffer();
    }

    private static byte[] Identity(TrainingTask task, int label, ClassImages images, GanOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"CycleGAN 1\n{options}\n{task.Recipe.Seed}\n{label}\n{task.Transform.Input}\n{string.Join(' ', images.Images)}\n"));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', images.Members.Select(members => string.Join(' ', members)))));
        foreach (byte[] samples in images.Samples)
        {
            hash.AppendData(samples);
        }

        return hash.GetHashAndReset();
    }

    private static byte[]? Load(string file, byte[] identity, int length)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using FileStream content = RegularFile.Open(file);
        if (content.Length != length + (2L * SHA256.HashSizeInBytes))
        {
            return null;
        }

        (byte[] kept, byte[] made, byte[] digest) = (new byte[SHA256.HashSizeInBytes], new byte[length], new byte[SHA256.HashSizeInBytes]);
        content.ReadExactly(kept);
        content.ReadExactly(made);
        content.ReadExactly(digest);
        return kept.AsSpan().SequenceEqual(identity) && Digest(identity, made).AsSpan().SequenceEqual(digest) ? made : null;
    }

    // A file is complete once it has its name, and what is damaged later is told by its digest.
    private static void Save(string file, byte[] identity, byte[] made) => AtomicFile.Write(file, content =>
    {
        content.Write(identity);
        content.Write(made);
        content.Write(Digest(identity, made));
    });

    private static byte[] Digest(byte[] identity, byte[] made)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(identity);
        hash.AppendData(made);
        return hash.GetHashAndReset();
    }
}
