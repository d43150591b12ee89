using AuditKit.Checks;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks;

public sealed class CheckCatalogTests
{
    [Fact]
    public void Checks_are_planned_in_the_specs_order()
    {
        IReadOnlyList<PlannedCheck> planned = Plan("""
            checks:
              simba:     { images: 200, epsilon: 0.2, iterations: 1000, max-success: { 100: 0.60 } }
              accuracy:  { min: 0.92 }
              stability: { perturbations: [jpeg-50, jpeg-20, crop-2, thumb-196], max-flip-rate: 0.08 }
              subgroups: { by: [class, brightness/3, class x brightness/3], min-worst: 0.70, min-size: 100 }
            """);
        Assert.Equal(["simba", "accuracy", "stability", "subgroups"], planned.Select(check => check.Check.Name));
    }

    [Fact]
    public void An_unknown_check_is_refused_with_its_place_and_the_nearest_name()
    {
        var error = Assert.Throws<AuditException>(() => Plan("checks:\n  accuracy:\n  stabilty: { perturbations: jpeg-50 }\n"));
        Assert.StartsWith("audit.yaml:3:3: unknown key 'stabilty' in 'checks'. Did you mean 'stability'?", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void A_spec_without_checks_is_refused()
    {
        var error = Assert.Throws<AuditException>(() => Plan("checks: {}"));
        Assert.Contains("asks for no check", error.Message);
    }

    private static IReadOnlyList<PlannedCheck> Plan(string yaml)
        => TestPlan.Of(SpecMap.Parse("audit.yaml", yaml).Map("checks"), ".", []);
}
