using System.CommandLine;

namespace AuditKit.Cli.Tests;

/// <summary>What help says, of every command.</summary>
public sealed class HelpTests
{
    private static readonly Command s_root = Program.CreateRoot();

    // The parser adds [default: …] by itself.
    [Fact]
    public void A_default_is_said_once()
    {
        foreach (Command command in Below(s_root))
        {
            Assert.DoesNotContain(command.Options, option => option.HasDefaultValue && SaysDefault(option.Description));
            Assert.DoesNotContain(command.Arguments, argument => argument.HasDefaultValue && SaysDefault(argument.Description));
        }

        static bool SaysDefault(string? description) => description?.Contains("Default:", StringComparison.Ordinal) is true;
    }

    [Fact]
    public void The_first_page_has_every_exit_code_and_examples_that_find_their_model()
    {
        string page = s_root.Description!;
        Assert.All(["130 interrupted", "143 ended"], text => Assert.Contains(text, page));
        string[] examples = [.. page.Split('\n').Where(line => line.Contains("--set", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        // A path in --set starts from the spec's folder, where nobody's model lies.
        Assert.All(examples, line => Assert.Contains("--set model.path=/path/to/my-model.onnx", line));
        Assert.Contains("starts from the file's folder", SharedOptions.Set.Description);
    }

    [Theory]
    [InlineData(".tar.gz")]
    [InlineData(".tgz")]
    [InlineData(".tar.zst")]
    public void Data_names_every_archive_that_is_read(string ending)
        => Assert.Contains(ending, Below(s_root).Single(command => command.Name == "data").Arguments.Single().Description);

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);
}
