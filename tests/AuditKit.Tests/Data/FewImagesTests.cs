using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Tests.Checks;

namespace AuditKit.Tests.Data;

public sealed class FewImagesTests
{
    [Fact]
    public void Each_class_gives_as_many_by_the_seed_and_none_that_is_held_out()
    {
        using var data = new SyntheticData(
            [.. Enumerable.Range(0, 40).Select(_ => new Image(1, 1, 1))], [.. Enumerable.Range(0, 40).Select(i => i % 2)], ["cat", "dog"]);
        int[] allowed = [.. Enumerable.Range(10, 30)];
        int[] drawn = FewImages.Draw(data, allowed, 4, seed: 3);
        Assert.Equal([4, 4], ((int[])[0, 1]).Select(c => drawn.Count(image => data.Label(image) == c)));
        Assert.Equal(8, drawn.Intersect(allowed).Count());
        Assert.Equal(drawn, FewImages.Draw(data, [.. allowed.Reverse()], 4, seed: 3));
        Assert.NotEqual(drawn, FewImages.Draw(data, allowed, 4, seed: 4));
        Assert.Contains(
            "has 15 images of cat to learn from, beside those held out: fewer than per-class: 16",
            Assert.Throws<AuditException>(() => FewImages.Draw(data, allowed, 16, seed: 3)).Message);
    }
}
