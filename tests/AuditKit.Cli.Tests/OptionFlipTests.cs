using AuditKit.Checks;
using AuditKit.Models;
using AuditKit.Reports;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;
using AuditKit.Yaml;

namespace AuditKit.Cli.Tests;

/// <summary>
/// A folder with a finished run in which one option is changed gives the reports of a fresh run, byte for byte, whatever
/// the option. The options come from the checks' descriptors, so that new ones are tried by themselves.
/// </summary>
public sealed class OptionFlipTests : IDisposable
{
    // Compared with one another inside one report.
    private static readonly string[] s_attacks = ["simba", "white-box"];

    private readonly SmallAudit _audit = new(images: 40);

    public OptionFlipTests()
    {
        EveryCheck.WriteFiles(_audit.Folder);
    }

    public static TheoryData<string> Checks => [.. CheckCatalog.Standard.Checks.Select(check => check.Key)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_changed_option_of_a_check_is_measured_again_or_makes_no_difference(string key)
    {
        CheckDescriptor check = CheckCatalog.Standard.Find(key)!;
        string[] together = s_attacks.Contains(key) ? s_attacks : [key];
        string spec = string.Join("\n  ", together.Select(each => $"{each}: {{ {EveryCheck.Required.GetValueOrDefault(each, "")} }}"));
        _audit.WriteSpec(spec);
        string[] flips =
        [
            .. check.Keys.Where(option => option.Example is not null).Select(option => $"checks.{key}.{option.Key}={option.Example}"),
            .. check.Keys.OfType<BlockKey>().SelectMany(block => block.Keys.Where(option => option.Example is not null)
                .Select(option => $"checks.{key}.{block.Key}.{option.Key}={option.Example}")),
        ];
        Assert.NotEmpty(flips);
        RequireTheSame(flips);
    }

    [Fact]
    public void A_changed_option_of_the_model_is_another_run()
    {
        _audit.WriteSpec("accuracy: { }");
        Audit("finished");
        foreach (SpecKey key in ModelSpec.Keys.Where(key => key.Example is not null))
        {
            string[] flip = key.Key switch
            {
                "mean" or "std" => ["model.mean=[0.5]", "model.std=[0.5]"],
                "resize" => [$"model.resize={key.Example}", "model.crop=true"],
                _ => [$"model.{key.Key}={key.Example}"],
            };
            AuditException e = Assert.Throws<AuditException>(() => Audit("finished", flip));
            Assert.Contains("evidence of another run", e.Message);
        }

        Assert.Contains("evidence of another run", Assert.Throws<AuditException>(() => Audit("finished", "model.input=[1, 8, 8]")).Message);
        Assert.Contains("evidence of another run", Assert.Throws<AuditException>(() => Audit("finished", "seed=2")).Message);
    }

    [Fact]
    public void A_check_that_is_not_asked_for_any_more_leaves_nothing()
    {
        _audit.WriteSpec("accuracy: { }\n  stability: { perturbations: [jpeg-50] }\n  subgroups: { by: [brightness/2] }");
        Audit("one");
        _audit.WriteSpec("accuracy: { }");
        Audit("one");
        Audit("two");
        Assert.Equal(Reports("two"), Reports("one"));
    }

    public void Dispose() => _audit.Dispose();

    private void RequireTheSame(string[] flips)
    {
        Audit("finished");
        foreach (string flip in flips)
        {
            Copy("finished", "flipped");
            Audit("flipped", flip);
            Audit("fresh", flip);
            (string[] flipped, string[] fresh) = (Reports("flipped"), Reports("fresh"));
            Assert.True(fresh.SequenceEqual(flipped),
                $"{flip}: {string.Join("\n", fresh[0].Split('\n').Zip(flipped[0].Split('\n')).Where(line => line.First != line.Second).Take(3))}");
            Directory.Delete(Path.Combine(_audit.Folder, "flipped"), recursive: true);
            Directory.Delete(Path.Combine(_audit.Folder, "fresh"), recursive: true);
        }
    }

    private void Audit(string run, params string[] overrides)
    {
        var spec = AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), overrides);
        string folder = Path.Combine(_audit.Folder, run);
        AuditResult result = AuditKit.Run.Audit.Run(spec, new ModelFiles(Device.Parse("cpu"), 1), new AuditOptions { Folder = folder, Threads = 1 });
        Assert.All(result.Sections, section => Assert.Null(section.Error));
        // A placeholder that nothing filled; an underscore's braces are a formula's.
        Assert.All(result.Sections.SelectMany(section => section.Method), paragraph => Assert.DoesNotMatch(@"(?<!_)\{|^$", paragraph));
        foreach (IReport format in ReportFolder.Formats.Where(format => !format.FileName.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            ReportFolder.Save(format, result, folder);
        }
    }

    private string[] Reports(string run)
        => [.. Directory.GetFiles(Path.Combine(_audit.Folder, run)).Where(file => Path.GetFileName(file) != "evidence.sqlite")
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(_audit.Folder, to));
        File.Copy(Path.Combine(_audit.Folder, from, "evidence.sqlite"), Path.Combine(_audit.Folder, to, "evidence.sqlite"));
    }
}
