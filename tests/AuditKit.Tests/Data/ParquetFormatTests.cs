using System.Runtime.InteropServices;
using AuditKit.Data;
using AuditKit.Imaging;
using Parquet;
using Parquet.Schema;

namespace AuditKit.Tests.Data;

public sealed class ParquetFormatTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Images_labels_and_attributes_come_from_the_columns_and_names_of_classes_from_the_features(bool nullable)
    {
        await Write("data/test-00000-of-00002.parquet", nullable, 0, 3, 2);
        await Write("data/test-00001-of-00002.parquet", nullable, 3, 2);
        await Write("data/train-00000-of-00001.parquet", nullable, 0, 4);
        Assert.Equal(["test", "train"], DatasetCatalog.Describe(DataSpec.At(_folder.Root)).Splits);
        using var packed = new DataFolder();
        foreach (string path in (string[])[_folder.Root, ArchiveFile.Pack(_folder.Root, packed.At("set.zip")),
            ArchiveFile.Pack(_folder.Root, packed.At("set.tar"))])
        {
            using IDataset data = DatasetCatalog.Open(DataSpec.At(path, null, "test"));
            Assert.Equal(("parquet", 7), (data.Format, data.Count));
            Assert.Equal(["dog", "cat", "cow"], data.Classes);
            Assert.Equal([0, 1, 2, 0, 1, 0, 1], Enumerable.Range(0, 7).Select(data.Label));
            Assert.Equal([10, 11, 12, 13, 14, 13, 14], Enumerable.Range(0, 7).Select(i => (int)data.Load(i).Samples[0]));
            Assert.Equal(["age", "site"], data.Attributes);
            Assert.Equal(nullable ? "" : "1.5", data.Attribute("age", 1));
            Assert.Equal(["site 0", "site 1"], [data.Attribute("site", 0), data.Attribute("site", 1)]);
            Assert.Equal("test-00000-of-00002/1-0.png", data.Source(0));
            Assert.Equal(path == _folder.Root ? 2 : 1, data.Files.Count);
            Parallel.For(0, 70, i => Assert.Equal(new[] { 10, 11, 12, 13, 14, 13, 14 }[i % 7], data.Load(i % 7).Samples[0]));
        }

        Assert.Contains("has the splits test and train. Say which: split: test", DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root))));
    }

    [Fact]
    public async Task Columns_of_other_names_are_named_and_plain_bytes_are_images_too()
    {
        var picture = new DataField<byte[]>("scan");
        var label = new DataField<string>("kind");
        string path = _folder.At("a.parquet");
        await using (FileStream file = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(picture, label), file))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync(picture, (byte[][])[Png.Encode(new Image(2, 1, 1, [7, 7])), Png.Encode(new Image(2, 1, 1, [8, 8]))]);
            await rows.WriteAsync(label, (string[])["10", "9"]);
        }

        using IDataset data = Open("{ path: a.parquet, columns: { path: scan, label: kind } }");
        Assert.Equal(["9", "10"], data.Classes);
        Assert.Equal((1, 7), (data.Label(0), data.Load(0).Samples[0]));
        Assert.Contains("a.parquet has no column 'label' of one label a row; it has kind. Say which it is: columns: { label: … }",
            DataFolder.Refused(() => Open("{ path: a.parquet }")));
        Assert.Contains("a.parquet has no column 'img' of images' bytes; it has scan, kind. Say which it is: columns: { path: … }",
            DataFolder.Refused(() => Open("{ path: a.parquet, columns: { path: img, label: kind } }")));
    }

    [Fact]
    public async Task Images_of_many_pages_and_groups_come_back_as_they_were()
    {
        byte[][] images = [.. Enumerable.Range(0, 600).Select(i =>
        {
            byte[] samples = new byte[60 * 30 * 3];
            CounterRandom.For(1, "parquet image", i).Fill(MemoryMarshal.Cast<byte, uint>(samples.AsSpan()));
            return Png.Encode(new Image(60, 30, 3, samples));
        })];
        var picture = new DataField("image", typeof(byte[]), true);
        var label = new DataField("label", typeof(string), true);
        foreach (CompressionMethod method in (CompressionMethod[])[CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip,
            CompressionMethod.Zstd])
        {
            await using (FileStream file = File.Create(_folder.At("a.parquet")))
            await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
                new ParquetSchema(picture, label), file, new ParquetOptions { CompressionMethod = method }))
            {
                foreach (byte[][] group in images.Chunk(200))
                {
                    using ParquetRowGroupWriter rows = writer.CreateRowGroup();
                    await rows.WriteAsync(picture, group);
                    await rows.WriteAsync(label, (string[])[.. group.Select((_, i) => $"class {i % 3}")]);
                }
            }

            using IDataset data = DatasetCatalog.Open(DataSpec.At(_folder.Root));
            Assert.Equal(600, data.Count);
            Parallel.For(0, 600, i => Assert.True(Png.Decode(images[i]).Samples.AsSpan().SequenceEqual(data.Load(i).Samples), $"image {i} by {method}"));
        }
    }

    [Fact]
    public async Task Damaged_files_are_an_error_of_ours_that_names_them()
    {
        await Write("whole.parquet", true, 0, 5);
        byte[] whole = File.ReadAllBytes(_folder.At("whole.parquet"));
        for (int trial = 0; trial < 250; trial++)
        {
            CounterRandom random = CounterRandom.For(4, "parquet", trial);
            byte[] damaged = trial % 5 == 0 ? whole[..random.NextInt32(whole.Length)] : [.. whole];
            for (int i = 0; damaged.Length > 0 && i < 6; i++)
            {
                damaged[random.NextInt32(damaged.Length)] = (byte)random.NextInt32(256);
            }

            string path = _folder.Write("damaged.parquet", damaged);
            try
            {
                using IDataset data = DatasetCatalog.Open(DataSpec.At(path));
                data.Load(0);
            }
            catch (AuditException e)
            {
                Assert.StartsWith(path, e.Message);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    // As Hugging Face writes them: image is a structure of bytes and path, label an index, its names in the features.
    private async Task Write(string path, bool nullable, int start, params int[] groups)
    {
        var bytes = new DataField("bytes", typeof(byte[]), nullable);
        var name = new DataField("path", typeof(string), nullable);
        var image = new StructField("image", bytes, name);
        var label = new DataField("label", typeof(long), nullable);
        var age = new DataField("age", typeof(double), nullable);
        var site = new DataField("site", typeof(string), nullable);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(path))!);
        await using FileStream file = File.Create(_folder.At(path));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(image, label, age, site), file);
        writer.CustomMetadata = new Dictionary<string, string>
        {
            ["huggingface"] = """{"info": {"features": {"image": {"_type": "Image"}, "label": {"names": ["dog", "cat", "cow"], "_type": "ClassLabel"}}}}""",
        };
        foreach (int count in groups)
        {
            int[] indices = [.. Enumerable.Range(start, count)];
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync(bytes, (byte[][])[.. indices.Select(i => Png.Encode(new Image(2, 1, 1, [(byte)(10 + i), 0])))]);
            await rows.WriteAsync(name, (string[])[.. indices.Select(i => $"{i}.png")]);
            if (nullable)
            {
                await rows.WriteAsync<long>(label, (long?[])[.. indices.Select(i => (long?)(i % 3))]);
                await rows.WriteAsync<double>(age, (double?[])[.. indices.Select(i => i % 2 == 1 ? (double?)null : i + 0.5)]);
            }
            else
            {
                await rows.WriteAsync<long>(label, (long[])[.. indices.Select(i => (long)(i % 3))]);
                await rows.WriteAsync<double>(age, (double[])[.. indices.Select(i => i + 0.5)]);
            }

            await rows.WriteAsync(site, (string[])[.. indices.Select(i => $"site {i}")]);
            start += count;
        }
    }

    private IDataset Open(string yaml)
        => DatasetCatalog.Open(DataSpec.Parse(AuditKit.Yaml.SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root));
}
