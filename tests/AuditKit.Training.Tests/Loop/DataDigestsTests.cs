using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Loop;

public sealed class DataDigestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-digests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A table asks for the digest of its data hundreds of times; what is replaced meanwhile must show, behind a link, too.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_are_read_once_and_again_when_they_are_written(bool isLink)
    {
        using var stripes = new StripesDataset(4, seed: 1);
        string elsewhere = Path.Combine(_folder, "elsewhere.png"), changed = "";
        for (int i = 0; i < stripes.Count; i++)
        {
            string file = Path.Combine(_folder, "images", stripes.Classes[stripes.Label(i)], $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(i == 0 && isLink ? elsewhere : file, Png.Encode(stripes.Load(i)));
            if (i == 0)
            {
                changed = isLink ? elsewhere : file;
                _ = isLink ? File.CreateSymbolicLink(file, elsewhere) : null;
            }
        }

        string path = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(path, """
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { path: images, follow-links: true }
            validation: 0.5
            test: { path: images, follow-links: true }
            seed: 1
            epochs: 1
            batch: 2
            optimiser: { name: sgd, rate: 0.01 }
            """);
        var recipe = Recipe.Load(path, [], MethodCatalog.Key);
        var digests = new DataDigests();
        string before = digests.OfTraining(recipe), test = digests.OfTest(recipe);
        Assert.Equal((before, test), (digests.OfTraining(recipe), digests.OfTest(recipe)));

        // Of the same length.
        DateTime written = File.GetLastWriteTimeUtc(changed);
        byte[] bytes = File.ReadAllBytes(changed);
        bytes[^1] ^= 1;
        File.WriteAllBytes(changed, bytes);
        File.SetLastWriteTimeUtc(changed, written.AddSeconds(1));

        Assert.NotEqual(before, digests.OfTraining(recipe));
        Assert.NotEqual(test, digests.OfTest(recipe));
        Assert.Equal(new DataDigests().OfTraining(recipe), digests.OfTraining(recipe));
    }
}
