using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Tests;

namespace AuditKit.Training.Tests;

/// <summary>Attacks on an int8 model, which has no gradients, by those of the float model that it was made from.</summary>
public sealed class QuantisedWhiteBoxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-int8-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Attacks_are_made_on_the_float_model_judged_on_the_int8_one_and_compared_with_those_on_the_float_model()
    {
        string int8 = Int8(), floats = Path.Combine(_folder, "float"), integers = Path.Combine(_folder, "integers");
        AuditResult before = Run(FashionMnist.Model, "", floats), after = Run(int8, $", float: {FashionMnist.Model}", integers);
        Section section = Assert.Single(after.Sections, one => one.Check == "white-box");
        Assert.Null(section.Error);
        string digest = ModelDescription.Read(FashionMnist.Model).Sha256;
        Assert.Contains(section.Method, paragraph => paragraph.Contains("transferred attacks", StringComparison.Ordinal)
            && paragraph.Contains(digest, StringComparison.Ordinal));
        Assert.Contains(after.Model, fact => fact.Label.StartsWith("Floating point model", StringComparison.Ordinal)
            && fact.Value.Contains(digest, StringComparison.Ordinal));
        Assert.DoesNotContain(before.Sections.Single(one => one.Check == "white-box").Method, paragraph
            => paragraph.Contains("transferred", StringComparison.Ordinal));
        double[] robust = [.. section.Findings.Where(finding => finding.Metric == "robust accuracy").Select(finding => finding.Estimate!.Value)];
        Assert.InRange(robust[1], 0, robust[0] - 0.1);

        // In shards, the attacks come from the same float model.
        var spec = AuditSpec.Load(Path.Combine(_folder, "audit.yaml"), []);
        var models = new ModelFiles(Device.Parse("cpu"), 2);
        string[] shards = [.. Enumerable.Range(1, 2).Select(number => Path.Combine(_folder, $"{number}"))];
        foreach ((int i, string shard) in shards.Index())
        {
            Assert.Empty(ShardRun.Run(spec, models, new Shard(i + 1, 2), new AuditOptions { Folder = shard, Threads = 2 }).Errors);
        }

        AuditResult merged = ShardMerge.Run(spec, models, shards, new AuditOptions { Folder = Path.Combine(_folder, "merged"), Threads = 2 });
        Assert.Equal(after.Findings.Select(finding => (finding.Id, finding.Estimate)), merged.Findings.Select(finding => (finding.Id, finding.Estimate)));
        Assert.Equal(after.Provenance.Single(Digest), merged.Provenance.Single(Digest));

        using EvidenceStore baseline = RunFolder.OpenEvidence(floats), candidate = RunFolder.OpenEvidence(integers);
        AuditResult compared = RunComparison.Of(baseline, candidate, Margins.Of(null, null, null, 0.2, key => $"--{key}"));
        Finding[] differing = [.. compared.Findings.Where(finding => finding.Metric == "answers that differ")];
        Assert.Equal(["clean", "jpeg-50"], differing.Select(finding => finding.Subject).Order());
        Assert.All(differing, finding => Assert.Equal(GateOutcome.Pass, finding.Outcome));
        Assert.Equal(2, compared.Findings.Count(finding => finding.Metric == "difference of attack success"));
        Assert.Contains(compared.Sections[0].Method, paragraph => paragraph.Contains("The candidate is quantised", StringComparison.Ordinal));
        Assert.Contains(compared.Sections[0].Tables, table => table.Title.StartsWith("Answers that differ in each group", StringComparison.Ordinal)
            && table.Rows.Count == 10);
    }

    [Fact]
    public void Without_the_float_model_the_section_says_what_it_needs()
    {
        Section section = Run(Int8(), "", Path.Combine(_folder, "run")).Sections.Single(one => one.Check == "white-box");
        Assert.Contains("needs the float model that it was made from: write float: PATH under model.", section.Error);
    }

    [Fact]
    public void The_float_model_is_part_of_a_runs_identity()
    {
        string run = Path.Combine(_folder, "run"), int8 = Int8();
        Run(int8, $", float: {FashionMnist.Model}", run);
        AuditException error = Assert.Throws<AuditException>(() => Run(int8, "", run));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_float_model_that_cannot_be_it_is_refused()
    {
        string int8 = Int8();
        Assert.Contains("it is quantised itself", Refusal(int8, int8));
        Assert.Contains("Leave out model.float", Refusal(FashionMnist.Model, FashionMnist.Model));
        Assert.Contains("there is no model file", Refusal(int8, Path.Combine(_folder, "absent.onnx")));
        var other = new Graph("other");
        other.Input("x", "n", 1, 28, 28);
        other.Initializer("w", TensorValue.Of(new float[3 * 784], 3, 784));
        other.Add("Gemm", [other.Add("Flatten", ["x"], "flat"), "w"], "z", ("transB", 1L));
        other.Output("z", "n", 3);
        string classes = Path.Combine(_folder, "classes.onnx");
        OnnxFile.Write(other, classes);
        Assert.Contains("it has 3 classes, the audited model 10. Check model.float", Refusal(int8, classes));
        var small = new Graph("small");
        small.Input("x", "n", 1, 14, 14);
        small.Initializer("w", TensorValue.Of(new float[10 * 196], 10, 196));
        small.Add("Gemm", [small.Add("Flatten", ["x"], "flat"), "w"], "z", ("transB", 1L));
        small.Output("z", "n", 10);
        string images = Path.Combine(_folder, "images.onnx");
        OnnxFile.Write(small, images);
        Assert.Contains("it takes images of", Refusal(int8, images));

        string Refusal(string model, string floats)
            => Assert.Throws<AuditException>(() => Run(model, $", float: {floats}", Path.Combine(_folder, Guid.NewGuid().ToString()))).Message;
    }

    private static bool Digest(Fact fact) => fact.Label == "SHA-256 of the evidence";

    private string Int8()
    {
        string path = Path.Combine(_folder, "int8.onnx");
        OnnxFile.Write(FashionMnist.Quantised(QuantisedForm.IntegerOperators), path);
        return path;
    }

    private AuditResult Run(string model, string options, string run)
    {
        string spec = Path.Combine(_folder, "audit.yaml");
        File.WriteAllText(spec, $$"""
            name: test
            model: { path: {{model}}, mean: [0.286], std: [0.353]{{options}} }
            data: { name: fashion-mnist, path: {{FashionMnist.Data}}, split: test, limit: 200 }
            seed: 1
            confidence: 0.95
            checks:
              subgroups: { by: [class], min-size: 5 }
              stability: { perturbations: [jpeg-50] }
              white-box: { linf: { epsilon: [1/255, 8/255] }, images: 30, steps: 5, attacks: [pgd, apgd-ce] }
            """);
        return Audit.Run(AuditSpec.Load(spec, []), new ModelFiles(Device.Parse("cpu"), 2), new AuditOptions { Folder = run, Threads = 2 });
    }
}
