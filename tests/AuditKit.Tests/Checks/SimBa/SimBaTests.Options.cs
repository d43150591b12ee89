using AuditKit.Checks.SimBa;

namespace AuditKit.Tests.Checks.SimBa;

/// <content>The options, and what outcomes depend on.</content>
public sealed partial class SimBaTests
{
    [Fact]
    public void Every_option_of_the_attack_is_part_of_its_condition()
    {
        Assert.Equal(("0.2", "1000", "200"),
            (new SimBaOptions().Condition.Options["epsilon"], new SimBaOptions().Condition.Options["iterations"],
            new SimBaOptions().Condition.Options["images"]));
        SimBaOptions[] options =
        [
            new(), new() { Frequencies = 8 }, new() { Frequencies = int.MaxValue }, new() { Target = SimBaTarget.Random },
            new() { Target = SimBaTarget.LeastLikely }, new() { MaxL2 = 2 }, new() { MaxLInf = 0.5 }, new() { Restarts = 2 },
        ];
        Assert.Equal(options.Length, options.Select(o => o.Condition).Distinct().Count());
    }

    [Theory]
    [InlineData("frequencies: 3", "add basis: dct")]
    [InlineData("basis: fourier", "'fourier' is not one of pixel, dct")]
    [InlineData("target: dog", "'dog' is not one of random, least-likely")]
    [InlineData("by: colour", "'colour' is no attribute")]
    [InlineData("max-success: { 2000: 0.5 }", "'iterations' is 1000")]
    [InlineData("max-success: { 10: 0.5, 100: 0.4 }", "contradict each other")]
    [InlineData("max-success: { ten: 0.5 }", "whole numbers")]
    [InlineData("epsilon: 0", "'checks.simba.epsilon' must be between")]
    [InlineData("images: 0", "'checks.simba.images' must be between")]
    [InlineData("iteration: 10", "Did you mean 'iterations'?")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var error = Assert.Throws<AuditException>(() => Plan(options));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }
}
