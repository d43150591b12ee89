using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class GtsrbFormatTests : IDisposable
{
    private const string Header = "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\n";

    private readonly DataFolder _folder = new();

    [Fact]
    public void Training_images_lie_in_folders_with_a_list_each()
    {
        for (int label = 0; label < 11; label += 10)
        {
            WritePpm($"{label:D5}/00000_00000.ppm");
            _folder.Write($"{label:D5}/GT-{label:D5}.csv", $"{Header}00000_00000.ppm;4;3;1;1;3;2;{label}\r\n");
        }

        using IDataset data = Open("{ path: . }");
        Assert.Equal(("gtsrb", 2), (data.Format, data.Count));
        Assert.Equal(Enumerable.Range(0, 11).Select(label => $"{label}"), data.Classes);
        Assert.Equal([0, 10], [data.Label(0), data.Label(1)]);
        Assert.Equal(["Width", "Height", "Roi.X1", "Roi.Y1", "Roi.X2", "Roi.Y2"], data.Attributes);
        Assert.Equal((4, 3, 3), (data.Load(1).Width, data.Load(1).Height, data.Load(1).Channels));
        using IDataset cropped = Open("{ path: ., crop-to-region: true }");
        Image region = cropped.Load(0);
        Assert.Equal((2, 1), (region.Width, region.Height));
        Assert.Equal([15, 16, 17, 18, 19, 20], region.Samples);
    }

    [Fact]
    public void Test_images_have_one_list_which_is_a_manifest_with_regions()
    {
        WritePpm("00000.ppm");
        WritePpm("00001.ppm");
        _folder.Write("GT-final_test.csv", $"{Header}00000.ppm;4;3;0;0;4;3;16\n00001.ppm;4;3;0;0;4;3;0\n");
        using IDataset data = Open("{ path: ., crop-to-region: true }");
        Assert.Equal(("manifest", 16, 4), (data.Format, data.Label(0), data.Load(0).Width));
        _folder.Write("GT-final_test.csv", $"{Header}00000.ppm;4;3;0;0;5;3;16\n");
        using IDataset outside = Open("{ path: ., crop-to-region: true }");
        Assert.EndsWith("00000.ppm: its region (0, 0) to (5, 3) leaves the image of 4×3 pixels.", DataFolder.Refused(() => outside.Load(0), ExitCode.Error));
        _folder.Write("GT-final_test.csv", $"{Header}00000.ppm;4;3;2;0;1;3;16\n");
        Assert.Contains("GT-final_test.csv:2: Roi.X1, Roi.Y1, Roi.X2, Roi.Y2 are 2, 0, "
            + "1, 3; expected", DataFolder.Refused(() => Open("{ path: ., crop-to-region: true }")));
        _folder.Write("GT-final_test.csv", "path,label\n00000.ppm,1\n");
        Assert.EndsWith("found path, label. Leave out crop-to-region.", DataFolder.Refused(() => Open("{ path: ., crop-to-region: true }")));
    }

    public void Dispose() => _folder.Dispose();

    private void WritePpm(string path) => _folder.Write(path, [.. "P6\n4 3\n255\n"u8, .. Enumerable.Range(0, 36).Select(i => (byte)i)]);

    private IDataset Open(string yaml) => DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root));
}
