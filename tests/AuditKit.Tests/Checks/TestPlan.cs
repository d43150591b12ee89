using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks;

/// <summary>Checks as a spec asks for them, and conditions of tests' own.</summary>
internal static class TestPlan
{
    /// <summary>The checks of a mapping under <c>checks</c>.</summary>
    public static IReadOnlyList<PlannedCheck> Of(SpecMap checks, string folder, IReadOnlyList<string> attributes)
        => [.. CheckCatalog.Standard.Parse(checks, folder).Select(options => options.Bind(attributes))];

    /// <summary>The options of a block in braces.</summary>
    public static T Options<T>(CheckDescriptor check, string block, string folder = ".")
        where T : ICheckOptions
        => (T)check.Parse(SpecMap.Parse("audit.yaml", $"{{ {block} }}"), folder);

    /// <summary>A condition that differs from others in its name; <c>clean</c> is the real one.</summary>
    public static Condition Named(string name, ConditionKind kind = ConditionKind.Perturbed)
        => name == Condition.Clean.Name ? Condition.Clean : new Condition(kind, "", name, ("name", name));

    /// <summary>A model that was opened, whatever it is.</summary>
    public static AuditedModel Opened(IClassifier model, ModelSpec spec) => new() { Spec = spec, Classifier = model, Sha256 = new string('a', 64), Facts = [] };
}
