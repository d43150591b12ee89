using AuditKit.Checks;

namespace AuditKit.Tests.Checks;

public sealed class FigureTests
{
    [Theory]
    [InlineData(0.9173, "91.7\u00a0%")]
    [InlineData(1.0, "100.0\u00a0%")]
    [InlineData(0.9999, "99.99\u00a0%")]
    [InlineData(0.00001, "0.001\u00a0%")]
    [InlineData(0.0, "0.0\u00a0%")]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    public void A_rounded_proportion_is_0_or_100_only_where_the_exact_one_is(double? proportion, string text)
        => Assert.Equal(text, Figure.Percent(proportion));

    [Fact]
    public void Words_are_joined_as_in_a_sentence()
    {
        Assert.Equal("", Figure.List([]));
        Assert.Equal("a", Figure.List(["a"]));
        Assert.Equal("a, b and c", Figure.List(["a", "b", "c"]));
    }
}
