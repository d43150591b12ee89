using AuditKit.Models;

namespace AuditKit.Tests.Models;

public sealed class OnnxRuntimeTrialTests
{
    [Fact]
    public void This_ONNX_Runtime_convolves_as_the_definition_has_it()
    {
        Assert.All(PlainConvolution.Trials, trial => Assert.True(OnnxRuntimeTrial.IsRight(trial), trial.ToString()));
        OnnxRuntimeTrial.Require();
    }

    [Fact]
    public void The_definition_is_that_of_a_sum_written_out()
    {
        // One channel, a kernel of one tap, no padding: every pixel times the one weight.
        var scaled = new PlainConvolution(1, 1, 1, 1, 0, 4);
        Assert.Equal(scaled.Image.Select(pixel => pixel * scaled.Weights[0]), scaled.Forward());

        // The gradients are those of the linear map: ⟨g, W·x⟩ = ⟨Wᵀ·g, x⟩ = ⟨∂W, w⟩.
        foreach (PlainConvolution trial in PlainConvolution.Trials)
        {
            double product = Dot(trial.OutputGradient, trial.Forward());
            Assert.Equal(product, Dot(trial.ImageGradient(), trial.Image), 6);
            Assert.Equal(product, Dot(trial.WeightGradient(), trial.Weights), 6);
            Assert.NotEqual(0, product);
        }

        static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
    }

    [Fact]
    public void Channels_that_fill_no_block_are_among_the_trials()
    {
        Assert.Contains(PlainConvolution.Trials, trial => trial.Inputs / trial.Groups > 16 && trial.Inputs / trial.Groups % 16 != 0);
        Assert.Contains(PlainConvolution.Trials, trial => trial.Outputs / trial.Groups > 16 && trial.Outputs / trial.Groups % 16 != 0);
        Assert.Contains(PlainConvolution.Trials, trial => trial.Groups > 1);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(0.5f)]
    [InlineData(float.PositiveInfinity)]
    public void Numbers_that_differ_do_not_agree(float wrong)
    {
        float[] expected = PlainConvolution.Trials[0].Forward();
        float[] found = [.. expected];
        Assert.True(PlainConvolution.Agree(found, expected));
        found[^1] += wrong;
        Assert.False(PlainConvolution.Agree(found, expected));
        Assert.False(PlainConvolution.Agree(expected.AsSpan(..^1), expected));
    }
}
