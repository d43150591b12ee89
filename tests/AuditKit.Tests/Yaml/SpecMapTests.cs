using AuditKit.Yaml;

namespace AuditKit.Tests.Yaml;

public sealed class SpecMapTests
{
    private static SpecMap Parse(string text) => SpecMap.Parse("audit.yaml", text);

    [Fact]
    public void An_unknown_key_is_refused_with_line_column_and_the_nearest_valid_key()
    {
        SpecMap map = Parse("name: a\nchecks:\n  stability:\n    max-flip-rat: 0.1\n");
        SpecMap stability = map.Map("checks").Map("stability");
        stability.OptionalNumber("max-flip-rate", 0, 1);
        stability.List("perturbations", []);

        AuditException error = Assert.Throws<AuditException>(stability.Finish);

        Assert.StartsWith("audit.yaml:4:5: unknown key 'max-flip-rat' in 'checks.stability'.", error.Message);
        Assert.Contains("Did you mean 'max-flip-rate'?", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData("name: a\nepoch: 1\n", "epochs", "audit.yaml:2:1: 'epoch' is no key, and 'epochs' is missing. Did you mean 'epochs'?")]
    [InlineData("name: a\nepoch: 1\n", "name", null)]
    [InlineData("name: a\nnothing-like-it: 1\n", "epochs", "audit.yaml:1:1: 'epochs' is missing.")]
    public void A_required_key_that_is_misspelt_is_found(string text, string key, string? message)
    {
        SpecMap map = Parse(text);
        map.Text("name");
        Assert.Equal(message, Record.Exception(() => map.Text(key))?.Message);
    }

    [Fact]
    public void What_an_assignment_brings_is_said_of_it()
    {
        SpecMap map = Parse("name: a\nold: { x: 1 }\n");
        map.Set("new.y=1");
        map.Set("old.x=2");
        map.Set("old.z=3");

        Assert.StartsWith("--set new.y=1: 'new.path' is missing.", Assert.Throws<AuditException>(() => map.Map("new").Text("path")).Message);
        Assert.StartsWith("--set old.x=2: unknown key 'x' in 'old'.", Assert.Throws<AuditException>(map.Map("old").Finish).Message);
        Assert.StartsWith("--set old.z=3: ", Assert.Throws<AuditException>(() => map.Map("old").Number("z", null, 0, 1)).Message);
    }

    [Fact]
    public void An_unknown_key_of_an_assignment_is_said_of_it()
    {
        SpecMap map = Parse("name: a\n");
        map.Set("nmae=b");
        map.Text("name");
        Assert.StartsWith("--set nmae=b: unknown key 'nmae'. Did you mean 'name'?", Assert.Throws<AuditException>(map.Finish).Message);
    }

    [Theory]
    [InlineData("min: 1.5", "audit.yaml:1:6: 'min' must be between 0 and 1, not 1.5.")]
    [InlineData("min: high", "audit.yaml:1:6: 'min' must be a number, not 'high'.")]
    [InlineData("min: [1, 2]", "audit.yaml:1:6: 'min' must be a single value.")]
    [InlineData("min: NaN", "audit.yaml:1:6: 'min' must be a number, not 'NaN'.")]
    public void A_value_that_cannot_be_used_is_refused_where_it_stands(string text, string message)
    {
        AuditException error = Assert.Throws<AuditException>(() => Parse(text).OptionalNumber("min", 0, 1));
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("a: b: c")]
    [InlineData("- one\n- two")]
    [InlineData("")]
    [InlineData("a: 1\na: 2")]
    [InlineData("\"unfinished")]
    public void A_text_that_is_no_mapping_is_one_error_that_names_the_file(string text)
    {
        AuditException error = Assert.Throws<AuditException>(() => Parse(text));
        Assert.StartsWith("audit.yaml:", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void Values_come_back_as_they_were_written()
    {
        SpecMap map = Parse("seed: 20261121\nby: [class, brightness/3]\nlimits: { 100: 0.6, 10: 0.1 }\nflag: true\nempty:\nword: fast");

        Assert.Equal(20261121, map.Long("seed", null, 0, long.MaxValue));
        Assert.Equal(["class", "brightness/3"], map.List("by"));
        Assert.Equal([10, 100], map.NumbersByInteger("limits", 1, 1000, 0, 1).Keys);
        Assert.Equal([0.1, 0.6], map.NumbersByInteger("limits", 1, 1000, 0, 1).Values);
        Assert.True(map.Flag("flag", false));
        Assert.Null(map.OptionalText("empty"));
        Assert.Equal(2, map.Choice("word", new Dictionary<string, int> { ["slow"] = 1, ["fast"] = 2 }, 0));
        map.Finish();
    }

    [Fact]
    public void A_value_from_the_command_line_is_named_as_such()
    {
        SpecMap map = Parse("a: 1\nb: { c: 2 }");
        map.Set("b.c=7");
        Assert.Equal("--set b.c=7: 'b.c' must be between 0 and 5, not 7.",
            Assert.Throws<AuditException>(() => map.Map("b").Integer("c", null, 0, 5)).Message);
        Assert.StartsWith("audit.yaml:1:4: ", Assert.Throws<AuditException>(() => map.Integer("a", null, 2, 5)).Message);
    }

    [Fact]
    public void A_text_that_code_puts_there_is_said_of_the_value_that_it_replaces()
    {
        SpecMap map = Parse("a: 1\nb: here");
        map.SetText("b", "/from/anywhere");
        Assert.Equal("audit.yaml:2:4: gone", map.Error("b", "gone").Message);
        map.Set("b=there");
        map.SetText("b", "/from/anywhere");
        Assert.Equal("--set b=there: gone", map.Error("b", "gone").Message);
    }

    [Theory]
    [InlineData("imagenet", " Did you mean 'imagenet-224'?")]
    [InlineData("imagnet-224", " Did you mean 'imagenet-224'?")]
    [InlineData("ima", "")]
    [InlineData("cifar", "")]
    public void A_word_is_near_another_by_few_letters_or_as_its_beginning(string word, string expected)
        => Assert.Equal(expected, Spelling.Nearest(word, ["imagenet-v2-224", "imagenet-224", "mnist"]));

    [Fact]
    public void A_missing_key_is_named_with_its_path()
    {
        AuditException error = Assert.Throws<AuditException>(() => Parse("model: { mean: [0.5] }").Map("model").Text("path"));
        Assert.EndsWith("'model.path' is missing.", error.Message);
    }
}
