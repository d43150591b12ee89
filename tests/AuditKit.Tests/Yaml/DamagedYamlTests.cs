using System.Text.RegularExpressions;
using AuditKit.Yaml;

namespace AuditKit.Tests.Yaml;

/// <summary>Texts that are no YAML, or none that a spec may hold: one error each, with its place; never another exception, never a crash.</summary>
public sealed partial class DamagedYamlTests
{
    private const string Spec =
        """
        name: x
        model: { path: model.onnx, mean: [0.286], std: [0.353] }
        data: { name: fashion-mnist, split: test, limit: 20 }
        seed: 1
        checks:
          accuracy: { min: 0.5 }
        """;

    [GeneratedRegex(@"^audit\.yaml:[1-9][0-9]*:[1-9][0-9]*: .+", RegexOptions.Singleline)]
    private static partial Regex Placed { get; }

    [Theory]
    [InlineData("limit: 20 }", "limit: 20", "4:1: not valid YAML: ", "The '{' of line 3, column 7 is still open here.")]
    [InlineData("min: 0.5 }", "min: 0.5", "7:1: not valid YAML: ", "The '{' of line 6, column 13 is still open here.")]
    [InlineData("mean: [0.286]", "mean: [0.286", "2:", "The '[' of line 2, column 34 is still open here.")]
    [InlineData("min: 0.5 }", "min: 0.5 }\n  : 5", "7:")]
    [InlineData("name: x", " : x", "2:")]
    [InlineData("min: 0.5 }", "min: 0.5 }\n  subgroups:\n    by: [class, brightness/3", "9:1: ", "The '[' of line 8, column 9 is still open here.")]
    [InlineData("min: 0.5 }", "min: 0.5 }\n  subgroups:\n    by: [class, brightness/3\n    min-worst: 0.5", "9:", "The '[' of line 8, column 9")]
    [InlineData("min: 0.5 }", "min: 0.5 }\nprovider:\n  name: \"X", "8:9: not valid YAML")]
    [InlineData("name: x", "name: x\n*x : 1\na: &x b", "2:1: '*x' repeats an anchor")]
    [InlineData("seed: 1", "seed: *one", "4:7: '*one' repeats an anchor, but no '&one' is complete before it.")]
    [InlineData("seed: 1", "seed: &a [1, *a]", "4:14: '*a' repeats an anchor")]
    [InlineData("seed: 1", "? [a, b]\n: 1", "4:3: a key must be a single word.")]
    [InlineData("seed: 1", "seed: \"1\\0\"", "4:7: the character U+0000")]
    [InlineData("seed: 1", "seed: 1\0", "4:8: the character U+0000")]
    [InlineData("seed: 1", "seed: 1\u001b[31m", "4:8: the character U+001B")]
    [InlineData("checks:", "---\nchecks:", "5:1: a second document begins here")]
    [InlineData("seed: 1", "seed: 1\nseed: 2", "5:1: ", "Duplicate key seed")]
    public void What_is_no_spec_is_one_error_with_line_and_column(string found, string written, string place, string message = "")
    {
        AuditException error = Assert.Throws<AuditException>(() => Parse(Spec.Replace(found, written)));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.StartsWith($"audit.yaml:{place}", error.Message);
        Assert.Matches(Placed, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_key_without_a_name_is_an_unknown_key()
    {
        SpecMap map = Parse(Spec.Replace("name: x", ": x"));
        Assert.StartsWith("audit.yaml:1:1: unknown key ''", Assert.Throws<AuditException>(map.Finish).Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("- ? ")]
    [InlineData("[ - ")]
    [InlineData("&a ")]
    [InlineData("&a [")]
    [InlineData("!t ")]
    [InlineData("!t [")]
    [InlineData("[]")]
    [InlineData("{}, ")]
    [InlineData("[?")]
    [InlineData(": ")]
    [InlineData("a: ")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("%Y\n")]
    [InlineData("---\n")]
    [InlineData("...\n")]
    [InlineData("|\n")]
    [InlineData("*a ")]
    [InlineData("#[\n")]
    [InlineData("\t")]
    public void No_depth_and_no_repetition_brings_the_parser_down(string token)
    {
        string repeated = string.Concat(Enumerable.Repeat(token, 200_000 / token.Length));
        foreach (string lineBreak in (string[])["\n", "\r", "\u0085", "\u2028", "\u2029"])
        {
            // Brackets closed in a comment are not closed; and nesting is the same whatever ends its lines.
            Accept($"#{new string(']', 1000)}{new string('}', 1000)}\nvalue: {repeated}");
            Accept($"{Spec}{lineBreak}provider:{lineBreak}{repeated}x");
        }
    }

    [Fact]
    public void Lines_that_are_indented_ever_deeper_are_refused_where_they_are_too_deep()
    {
        string steps = string.Join('\r', Enumerable.Range(0, 5000).Select(i => $"{new string(' ', i)}a:"));
        AuditException error = Assert.Throws<AuditException>(() => Parse(steps));
        Assert.StartsWith("audit.yaml:101:101: nested deeper than 100 levels.", error.Message);
    }

    [Fact]
    public void Aliases_of_aliases_cannot_fill_the_memory()
    {
        string text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + string.Join('\n', Enumerable.Range(1, 30)
            .Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]"));
        AuditException error = Assert.Throws<AuditException>(() => Parse(text));
        Assert.Matches(@"^audit\.yaml:[67]:\d+: aliases repeat more than", error.Message);
    }

    [Fact]
    public void Anchors_are_repeated_where_they_are_complete()
    {
        SpecMap map = Parse("a: &one { x: 1 }\nb: *one\nc: &two 2\nd: [*two, *two]");
        Assert.Equal(1, map.Map("b").Integer("x", null, 0, 9));
        Assert.Equal(["2", "2"], map.List("d"));
    }

    [Theory]
    [InlineData("a={", "--set a={: not valid YAML")]
    [InlineData("a=1\nb: 2", "expected one value after '='")]
    [InlineData("a=*x", "repeats an anchor")]
    [InlineData("a=", "there is no value after '='")]
    [InlineData("a= ", "there is no value after '='")]
    public void An_assignment_is_refused_by_its_own_words(string assignment, string message)
    {
        AuditException error = Assert.Throws<AuditException>(() => Parse(Spec).Set(assignment));
        Assert.StartsWith("--set a=", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void An_assignment_cannot_nest_without_end()
    {
        string deep = string.Concat(Enumerable.Repeat("a.", 50_000));
        Assert.Contains("deeper than", Assert.Throws<AuditException>(() => Parse(Spec).Set($"{deep}a=1")).Message);
    }

    [Fact]
    public void A_text_is_assigned_as_it_is()
    {
        SpecMap map = Parse(Spec);
        map.Map("model").SetText("path", "../My runs #2/'a': {b}.onnx");
        Assert.Equal("../My runs #2/'a': {b}.onnx", Parse(map.ToYaml()).Map("model").Text("path"));
    }

    [Fact]
    public void Damaged_specs_parse_or_are_refused_with_their_place()
    {
        const string Marks = "{}[],:#&*!|>'\"%@`-? \t\n\r\0\u0085\u2028\u2029\ud800é\\";
        int refused = 0;
        for (int mutant = 0; mutant < 5000; mutant++)
        {
            CounterRandom random = CounterRandom.For(11, "damaged spec", mutant);
            string text = Spec;
            for (int change = random.NextInt32(3); change >= 0; change--)
            {
                int at = random.NextInt32(text.Length);
                int length = Math.Min(1 + random.NextInt32(12), text.Length - at);
                text = random.NextInt32(4) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Remove(at, length),
                    2 => text.Insert(at, Marks[random.NextInt32(Marks.Length)].ToString()),
                    _ => text.Insert(at, text.Substring(at, length)),
                };
            }

            refused += Accept(text) ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 4500);
    }

    // Whether a text is a spec; where it is not, the error must say where.
    private static bool Accept(string text)
    {
        try
        {
            SpecMap map = Parse(text);
            Parse(map.ToYaml());
            return true;
        }
        catch (AuditException e)
        {
            Assert.Matches(Placed, e.Message);
            return false;
        }
    }

    private static SpecMap Parse(string text) => SpecMap.Parse("audit.yaml", text);
}
