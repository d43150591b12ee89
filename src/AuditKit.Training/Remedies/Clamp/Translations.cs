using System.Security.Cryptography;
using System.Text;
using AuditKit.Imaging;
using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// Stage 1: the training images of a class, each moved into all of its subgroups by CycleGANs between them. They are
/// kept in the run's folder, with a digest of all that they depend on.
/// </summary>
internal sealed class Translations
{
    private const int MadeAtOnce = 64;

    private readonly ClassImages _images;
    private readonly Dictionary<int, int> _places;

    // For each image a version for each value of the attribute, C×H×W.
    private readonly byte[] _samples;

    private Translations(ClassImages images, byte[] samples)
    {
        (_images, _samples) = (images, samples);
        _places = images.Images.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
    }

    /// <summary>Refuses classes whose images memory would not hold in all their versions.</summary>
    /// <exception cref="AuditException">There is one.</exception>
    public static void RequireMemory(TrainingTask task)
    {
        foreach (var members in task.Images.CountBy(image => task.Groups.ClassOf(task.Groups[image])))
        {
            long length = (long)task.Groups.Values.Count * members.Value * task.Transform.Input.Length;
            if (length > Array.MaxLength)
            {
                throw new AuditException($"{task.Recipe.Name}: the versions of class {task.Data.Classes[members.Key]} would take "
                    + $"{length >> 20} MB, more than can be kept in memory. Set data.limit or a smaller model.input.");
            }
        }
    }

    /// <summary>Reads a class's translations, or makes them and keeps them; what memory holds is for <see cref="RequireMemory"/> to say.</summary>
    /// <exception cref="AuditException">Training a CycleGAN diverged, or an image or the folder cannot be used.</exception>
    public static Translations Of(TrainingTask task, int label, GanOptions options)
    {
        var images = ClassImages.Read(task, label);
        byte[] identity = Identity(task, label, images, options);
        string file = Path.Combine(task.Folder, $"translations-{label}.bin");
        int length = checked(images.Members.Count * images.Images.Count * task.Transform.Input.Length);
        if (Load(file, identity, length) is { } kept)
        {
            return new Translations(images, kept);
        }

        byte[] made = Make(task, label, images, options, length);
        Save(file, identity, made);
        return new Translations(images, made);
    }

    /// <summary>An image moved into a subgroup of its class.</summary>
    /// <param name="image">The image's index in the data.</param>
    /// <param name="value">The subgroup's value of the attribute.</param>
    public Image Version(int image, int value) => Moved(_places[image], value);

    /// <summary>Some images of each subgroup, over again where it has fewer: as they are, then moved into each.</summary>
    public IEnumerable<Image> Samples(int ofEach) => _images.Members
        .SelectMany(members => Enumerable.Range(0, ofEach).Select(i => members[i % members.Count]))
        .SelectMany(place => Enumerable.Range(0, Values).Select(value => Moved(place, value)).Prepend(_images.Original(place)));

    private int Values => _images.Members.Count;

    private Image Moved(int place, int value)
    {
        int length = _samples.Length / (Values * _images.Images.Count);
        return _images.Image(_samples.AsSpan(((Values * place) + value) * length, length));
    }

    private static byte[] Make(TrainingTask task, int label, ClassImages images, GanOptions options, int length)
    {
        using var star = TranslationStar.Train(task, label, images, options);
        using IDisposable gradients = no_grad();
        byte[] made = new byte[length];
        int ofImage = length / images.Images.Count;
        foreach ((int value, IReadOnlyList<int> members) in images.Members.Index())
        {
            foreach (int[] places in members.Chunk(MadeAtOnce))
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor originals = images.Tensor(places, task.Network.Device);
                byte[] versions = ClassImages.Bytes(
                    stack([.. Enumerable.Range(0, images.Members.Count).Select(to => star.Move(originals, value, to))], dim: 1));
                foreach ((int i, int place) in places.Index())
                {
                    versions.AsSpan(i * ofImage, ofImage).CopyTo(made.AsSpan(place * ofImage));
                }
            }
        }

        return made;
    }

    private static byte[] Identity(TrainingTask task, int label, ClassImages images, GanOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"CycleGAN 2\n{options}\n{task.Recipe.Seed}\n{label}\n{task.Transform.Input}\n{string.Join(' ', images.Images)}\n"));
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
