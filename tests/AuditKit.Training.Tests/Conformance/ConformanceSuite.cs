namespace AuditKit.Training.Tests.Conformance;

/// <summary>The ONNX project's own tests: small models with inputs and expected outputs, as Debian packages them.</summary>
internal static class ConformanceSuite
{
    private const string Root = "/usr/share/libonnx-testdata/data";

    /// <summary>Every test of the package, by name. The calling test is skipped where the package is not installed.</summary>
    public static IEnumerable<ConformanceCase> All()
    {
        Assert.SkipUnless(Directory.Exists(Root), "needs the ONNX conformance tests: apt-get install libonnx-testdata");
        return Directory.EnumerateFiles(Root, "model.onnx", SearchOption.AllDirectories)
            .Select(model => Path.GetDirectoryName(model)!)
            .Order(StringComparer.Ordinal)
            .Select(folder => new ConformanceCase(Path.GetFileName(folder)["test_".Length..], folder));
    }
}
