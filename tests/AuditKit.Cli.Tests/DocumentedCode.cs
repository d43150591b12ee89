using System.Text.RegularExpressions;
using AuditKit.Tests;

namespace AuditKit.Cli.Tests;

/// <summary>Code that a page shows and that is compiled and run here.</summary>
internal static class DocumentedCode
{
    /// <summary>Requires that a page shows a file of this folder or one below, but for its namespace.</summary>
    /// <param name="page">The page, below the repository's root.</param>
    /// <param name="file">The file's path.</param>
    public static void RequireShown(string page, string file)
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "AuditKit.Cli.Tests", file));
        string shown = Regex.Replace(source, @"^namespace .*\n\n", "", RegexOptions.Multiline).TrimEnd('\n');
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        MatchCollection blocks = Regex.Matches(text, @"^```\w+\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(blocks.Any(block => block.Groups[1].Value == shown), $"{page} does not show {file} as it is.");
    }
}
