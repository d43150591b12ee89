using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class ClassOrderTests
{
    [Theory]
    [InlineData("10 1 2 9", "1 2 9 10")]
    [InlineData("010 9 1", "1 9 010")]
    [InlineData("1 01 0", "0 01 1")]
    [InlineData("99999999999999999999999 3", "3 99999999999999999999999")]
    [InlineData("10 9 a", "10 9 a")]
    [InlineData("dog Cat 2-x", "2-x Cat dog")]
    [InlineData("-1 0 1", "-1 0 1")]
    public void Whole_numbers_are_in_order_of_value_and_other_names_of_text(string names, string ordered)
        => Assert.Equal(ordered.Split(' '), ClassOrder.Of(names.Split(' ')));

    [Fact]
    public void Both_orders_are_named_where_they_differ()
    {
        Assert.Equal(
            new Fact("Order of the classes", "as numbers (1, 2, 10); as text, which is ImageFolder's order, it would be 1, 10, 2"),
            ClassOrder.Note(["1", "2", "10"]));
        Assert.Null(ClassOrder.Note(["1", "2", "3"]));
        Assert.Null(ClassOrder.Note(["1", "10", "2"]));
        Assert.Null(ClassOrder.Note(["cat", "dog"]));
        Assert.Null(ClassOrder.Note(["dog", "cat"]));
    }

    [Theory]
    [InlineData("cat|T-shirt/top|9", "classes: [cat, T-shirt/top, 9]")]
    [InlineData("a, b|it's|- x|yes: no", "classes: [\"a, b\", \"it\\u0027s\", \"- x\", \"yes: no\"]")]
    public void The_line_to_write_is_YAML(string names, string line)
    {
        Assert.Equal(line, ClassOrder.Line(names.Split('|')));
        Assert.Equal(names.Split('|'), AuditKit.Yaml.SpecMap.Parse("x", line).List("classes"));
    }

    [Fact]
    public void A_model_of_more_outputs_is_answered_by_the_line_to_write()
    {
        string Message(string[] classes, int outputs, params string[] known) => ClassOrder.Mismatch("pets", classes, outputs, known).Message;
        Assert.Equal(
            "the model has 3 outputs, but pets has 2 classes (cat, dog). The model names its outputs. Write in data: classes: [cat, cow, dog]",
            Message(["cat", "dog"], 3, "cat", "cow", "dog"));
        Assert.EndsWith("rename the data's classes by data.map, and write in data: classes: "
            + "[chat, vache, chien]", Message(["cat", "dog"], 3, "chat", "vache", "chien"));
        Assert.EndsWith("write all 3 in the order of the model's outputs in data, those without images too: "
            + "classes: [cat, dog, …]", Message(["cat", "dog"], 3));
        Assert.EndsWith("data.map and 'unmapped: drop' leave classes out.", Message(["cat", "dog"], 1));
    }
}
