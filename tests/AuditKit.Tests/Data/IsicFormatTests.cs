using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class IsicFormatTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("folder")]
    [InlineData("zip")]
    public void HAM10000_has_the_diagnosis_as_class_and_the_other_columns_as_attributes(string kind)
    {
        _folder.Write("h/HAM10000_metadata.csv", """
            lesion_id,image_id,dx,dx_type,age,sex,localization
            HAM_0000118,ISIC_0027419,nv,histo,80.0,male,scalp
            HAM_0000118,ISIC_0025030,mel,histo,,female,back

            """);
        _folder.WriteImage("h/HAM10000_images_part_1/ISIC_0025030.jpg", 1);
        _folder.WriteImage("h/HAM10000_images_part_2/ISIC_0027419.jpg", 2);
        string path = kind == "folder" ? _folder.At("h") : ArchiveFile.Pack(_folder, "h", kind);

        using IDataset data = DatasetCatalog.Open(DataSpec.At(path));

        Assert.Equal(("isic", 2), (data.Format, data.Count));
        Assert.Equal(["mel", "nv"], data.Classes);
        Assert.Equal([1, 0], Enumerable.Range(0, 2).Select(data.Label));
        Assert.Equal(["lesion_id", "dx_type", "age", "sex", "localization"], data.Attributes);
        Assert.Equal(("80.0", "female", ""), (data.Attribute("age", 0), data.Attribute("sex", 1), data.Attribute("age", 1)));
        Assert.Equal("HAM10000_images_part_2/ISIC_0027419.jpg", data.Source(0));
        Assert.Equal(2, data.Load(0).Samples[0]);
    }

    [Fact]
    public void A_challenge_has_a_column_a_diagnosis_and_attributes_in_a_second_list()
    {
        _folder.Write("i/ISIC_2019_Training_GroundTruth.csv", "image,MEL,NV,UNK\nISIC_2,0.0,0.0,1.0\nISIC_1,0.0,1.0,0.0\n");
        _folder.Write("i/ISIC_2019_Training_Metadata.csv", "image,age_approx,sex\nISIC_1,55.0,female\nISIC_2,30.0,male\n");
        _folder.WriteImage("i/ISIC_2019_Training_Input/ISIC_1.jpg", 1);
        _folder.WriteImage("i/ISIC_2019_Training_Input/ISIC_2.jpg", 2);
        using (IDataset data = DatasetCatalog.Open(DataSpec.At(_folder.At("i"))))
        {
            Assert.Equal(["MEL", "NV", "UNK"], data.Classes);
            Assert.Equal([2, 1], Enumerable.Range(0, 2).Select(data.Label));
            Assert.Equal(["30.0", "55.0"], Enumerable.Range(0, 2).Select(i => data.Attribute("age_approx", i)));
            Assert.Equal(4, data.Files.Count);
        }

        File.Delete(_folder.At("i/ISIC_2019_Training_Metadata.csv"));
        using IDataset bare = DatasetCatalog.Open(DataSpec.At(_folder.At("i")));
        Assert.Empty(bare.Attributes);
    }

    [Theory]
    [InlineData("image,MEL,NV\na,1.0,1.0\n", ":2: expected one 1 among the diagnoses")]
    [InlineData("image,MEL,NV\na,0.0,0.0\n", ":2: expected one 1 among the diagnoses")]
    [InlineData("image,MEL,NV\na,1.0,0.5\n", ":2: expected one 1 among the diagnoses")]
    [InlineData("image,MEL,NV\nb,1.0,0.0\n", ":2: there is no image 'b'")]
    [InlineData("image,MEL,NV\na,1.0,0.0\na,0.0,1.0\n", ":3: 'a' is listed before, on line 2")]
    [InlineData("image,MEL,NV\n", "lists no image")]
    public void A_list_that_is_malformed_is_refused_with_its_line(string list, string message)
    {
        _folder.Write("x_GroundTruth.csv", list);
        _folder.WriteImage("images/a.png", 1);
        Assert.Contains(message, DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root))));
    }

    [Fact]
    public void Two_images_of_one_name_and_a_split_are_refused()
    {
        _folder.Write("x_GroundTruth.csv", "image,MEL\na,1\n");
        _folder.WriteImage("one/a.png", 1);
        _folder.WriteImage("two/a.png", 1);
        Assert.Contains("an image of this name elsewhere", DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root))));
        Assert.Contains("has no splits", DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root, "isic", "test"))));
    }

    public void Dispose() => _folder.Dispose();
}
