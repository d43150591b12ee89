using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Tests.Imaging.Attributes;

public class DerivedAttributeTests
{
    [Fact]
    public void Each_is_found_by_the_name_that_specs_use()
    {
        Assert.Equal(["brightness", "contrast", "dominant-colour", "object-size", "sharpness"], DerivedAttribute.All.Keys.Order());
        Assert.All(DerivedAttribute.All, entry => Assert.Equal(entry.Key, entry.Value.Name));
    }

    [Fact]
    public void Numbers_are_written_so_that_they_read_back_exactly()
    {
        Image image = Samples.Pattern(33, 29, 3);
        Assert.Equal(Contrast.Of(image), double.Parse(DerivedAttribute.All["contrast"].Value(image), CultureInfo.InvariantCulture));
        Assert.Equal(["dominant-colour"], DerivedAttribute.All.Values.Where(attribute => !attribute.IsNumeric).Select(attribute => attribute.Name));
    }
}
