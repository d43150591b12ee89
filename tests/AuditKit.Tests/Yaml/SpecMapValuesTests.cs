using AuditKit.Yaml;

namespace AuditKit.Tests.Yaml;

public sealed class SpecMapValuesTests
{
    public static TheoryData<string> Texts =>
    [
        "", " ", "~", "null", "true", "1e5", "..", "a.", "...", "---", "../My runs #2/model.onnx", "C:\\new\\table", "it's", "\"quoted\"",
            "key: value", "- item", "? key", "[a, b]", "{ a: b }",
        "&anchor", "*alias", "!tag", "%directive", "@", "`", "| block", "> folded", "a\nb", "a\tb", "\u0085\u2028", "modèle 模型 🦊",
            $"{new string('x', 79)} {new string('y', 79)}  z ",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_comes_back_as_it_was_put_in(string text)
    {
        SpecMap map = SpecMap.Parse("recipe.yaml", "name: x");
        map.SetText("text", text);
        map.SetTexts("texts", [text, "b"]);

        SpecMap read = SpecMap.Parse("recipe.yaml", map.ToYaml());

        Assert.Equal(text, read.OptionalText("text"));
        Assert.Equal([text, "b"], read.List("texts"));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_assignment_is_read_back_as_it_was_written(string text)
    {
        string assignment = SpecMap.Assignment("model.path", text);
        SpecMap map = SpecMap.Parse("audit.yaml", "name: x");

        map.Set(assignment);

        Assert.DoesNotContain('\n', assignment);
        Assert.Equal(text, map.Map("model").OptionalText("path"));
    }

    [Fact]
    public void Numbers_keep_all_their_digits()
    {
        SpecMap map = SpecMap.Parse("recipe.yaml", "name: x");
        map.SetNumber("third", 1.0 / 3);
        map.SetNumber("small", 5e-324);
        map.SetNumber("seed", long.MaxValue);

        SpecMap read = SpecMap.Parse("recipe.yaml", map.ToYaml());

        Assert.Equal(1.0 / 3, read.Number("third", null, 0, 1));
        Assert.Equal(5e-324, read.Number("small", null, 0, 1));
        Assert.Equal(long.MaxValue, read.Long("seed", null, 0, long.MaxValue));
    }
}
