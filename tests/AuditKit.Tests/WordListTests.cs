namespace AuditKit.Tests;

public class WordListTests
{
    [Fact]
    public void Words_are_joined_as_in_a_sentence()
    {
        Assert.Equal("", WordList.Of([]));
        Assert.Equal("a", WordList.Of(["a"]));
        Assert.Equal("a, b and c", WordList.Of(["a", "b", "c"]));
        Assert.Equal("a, b", WordList.First(["a", "b"]));
        Assert.Equal("0, 1, 2, 3, 4 and 1,207 more", WordList.First([.. Enumerable.Range(0, 1212).Select(i => $"{i}")]));
    }
}
