using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Tests.Conformance;

public class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Onnx_runtime_passes_the_conformance_tests_in_scope() =>
        Run("ONNX Runtime", ConformanceExclusions.OnnxRuntime, Engines.RunOnnxRuntime);

    [Fact]
    public void Libtorch_passes_the_conformance_tests_in_scope() =>
        Run("libtorch", ConformanceExclusions.Libtorch, Engines.RunLibtorch);

    [Fact]
    public void Every_operator_that_can_be_trained_has_a_conformance_test_or_is_listed()
    {
        IEnumerable<string> tested = InScope().SelectMany(test => test.Operators);
        Assert.Equal(
            ConformanceExclusions.WithoutTest.Order(StringComparer.Ordinal),
            OperatorTable.Names.Except(tested).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_excluded_operator_can_be_trained() =>
        Assert.Empty(ConformanceExclusions.OutOfScope.SelectMany(group => group.Operators).Intersect(OperatorTable.Names));

    private static ConformanceCase[] InScope()
    {
        HashSet<string> outside = [.. ConformanceExclusions.OutOfScope.SelectMany(group => group.Operators)];
        return [.. ConformanceSuite.All().Where(test => !test.Operators.Any(outside.Contains))];
    }

    private void Run(
        string engine,
        (string Reason, string[] Tests)[] exclusions,
        Func<Graph, TensorValue[], TensorValue[]> run)
    {
        ConformanceCase[] tests = InScope();
        Dictionary<string, string> failures = [];
        foreach (ConformanceCase test in tests)
        {
            if (test.Check(run) is { } failure)
            {
                failures.Add(test.Name, failure);
            }
        }

        string summary =
            $"{engine}: {tests.Length - failures.Count} of {tests.Length} conformance tests in scope pass "
            + $"({ConformanceSuite.All().Count() - tests.Length} are out of scope)";
        Console.WriteLine(summary);
        output.WriteLine(summary);
        foreach ((string name, string failure) in failures)
        {
            output.WriteLine($"{name}: {failure}");
        }

        // Both ways: no failure that is not explained, and no explanation of what does not fail.
        Assert.Equal(
            exclusions.SelectMany(group => group.Tests).Order(StringComparer.Ordinal),
            failures.Keys.Order(StringComparer.Ordinal));
    }
}
