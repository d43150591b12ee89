using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Loop;

/// <summary>Images that are learnt from, chosen by or tested on twice, under whatever names.</summary>
public sealed class ImagesInCommonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-common-").FullName;

    public ImagesInCommonTests()
    {
        using var stripes = new StripesDataset(96, seed: 1);
        for (int i = 0; i < stripes.Count; i++)
        {
            // Others in each folder, but that the copies are those of the first, under other names.
            string[] folders = i < 48 ? ["a", "copy of a"] : i < 72 ? ["b", "copy of b"] : ["c"];
            foreach (string folder in folders)
            {
                string file = Path.Combine(_folder, folder, stripes.Classes[stripes.Label(i)], $"{folder.Length}-{i}.png");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, Png.Encode(stripes.Load(i)));
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("b", "c")]
    [InlineData("0.25", "c")]
    [InlineData("0.25", "a", "36 of the 48 test images are also learnt from", "12 of the 48 test images are also what the epoch was chosen by")]
    [InlineData("0.25", "copy of a", "36 of the 48 test images are also learnt from", "12 of the 48 test images are also what the epoch was chosen by")]
    [InlineData("b", "b", "All 24 test images are also what the epoch was chosen by")]
    [InlineData("b", "copy of b, limit: 10", "All 10 test images are also what the epoch was chosen by")]
    [InlineData("copy of a", "c", "All 48 validation images are also learnt from")]
    [InlineData("b", "copy of a, limit: 1", "1 of the 1 test images is also learnt from")]
    public void Are_told_of_on_the_card(string validation, string test, params string[] notes)
    {
        string file = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(file, $$"""
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { path: a }
            validation: {{(validation.StartsWith('0') ? validation : $"{{ path: {validation} }}")}}
            test: { path: {{test}} }
            seed: 1
            epochs: 1
            batch: 16
            optimiser: { name: sgd, rate: 0.01 }
            """);
        TrainingRecord record = TrainingRun.Run(
            Recipe.Load(file, [], MethodCatalog.Key), Path.Combine(_folder, "run"), Device.Cpu, threads: 1, (_, _, _) => { }, CancellationToken.None).Record;
        Assert.Equal(notes.Length, record.Notes.Count);
        Assert.All(notes.Zip(record.Notes), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.All(notes, note => Assert.Contains(note, File.ReadAllText(Path.Combine(_folder, "run", "card.md")), StringComparison.Ordinal));
    }
}
