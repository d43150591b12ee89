using System.Text;
using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Labelled images in a fixed order, read one at a time: opening a data set reads labels and attributes, never
/// all pixels. Safe to read from several threads.
/// </summary>
public interface IDataset : IDisposable
{
    /// <summary>What reports call it, such as <c>Fashion-MNIST (test)</c>.</summary>
    string Name { get; }

    /// <summary>The format as specs name it (<see cref="DatasetCatalog.Formats"/>).</summary>
    string Format { get; }

    /// <summary>The files read, in a stable order, for the fingerprint and the provenance.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Number of images N.</summary>
    int Count { get; }

    /// <summary>Class names; a label is an index into them.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Names of the attributes that come with the data (a manifest's columns); empty for most formats.</summary>
    IReadOnlyList<string> Attributes { get; }

    /// <summary>The class of image <paramref name="index"/>, 0 ≤ label &lt; <see cref="Classes"/>.Count.</summary>
    int Label(int index);

    /// <summary>The value of an attribute of image <paramref name="index"/>; empty when the data leaves it out.</summary>
    /// <exception cref="ArgumentException">There is no such attribute.</exception>
    string Attribute(string name, int index);

    /// <summary>What a person finds the image by: a path below the data set's root, or <c>#index</c>.</summary>
    string Source(int index);

    /// <summary>
    /// The number that image <paramref name="index"/> has among all images of the files, from 0: another one where the set is a part of what they hold.
    /// </summary>
    int Number(int index) => index;

    /// <summary>What a reader should know of how it was read: files that were left out, links that were followed; empty for most.</summary>
    IReadOnlyList<Fact> Facts => [];

    /// <summary>How many frames or pages the file of image <paramref name="index"/> has; the first is the image.</summary>
    int Frames(int index) => 1;

    /// <summary>
    /// What image <paramref name="index"/> is stored as, by which it is known again elsewhere: the bytes of its file, not decoded, and the
    /// region of it that is taken; of an image without a file of its own, its size and samples. Changes that a spec makes to it, such as another
    /// background, are no part of it.
    /// </summary>
    /// <exception cref="AuditException">It cannot be read.</exception>
    byte[] Content(int index)
    {
        Image image = Load(index);
        return [.. Encoding.UTF8.GetBytes($"{image.Width}×{image.Height}×{image.Channels}\n"), .. image.Samples];
    }

    /// <summary>The bytes of the file that tells the object of image <paramref name="index"/> from its background; empty where there is none.</summary>
    /// <exception cref="AuditException">It cannot be read.</exception>
    byte[] Mask(int index) => [];

    /// <summary>Reads image <paramref name="index"/>.</summary>
    /// <exception cref="AuditException">The file is truncated, corrupt or over the decompression limits.</exception>
    Image Load(int index);
}
