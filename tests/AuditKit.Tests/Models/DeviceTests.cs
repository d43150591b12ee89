using AuditKit.Models;

namespace AuditKit.Tests.Models;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("cpu", null)]
    [InlineData("cuda", 0)]
    [InlineData("cuda:0", 0)]
    [InlineData("cuda:13", 13)]
    public void A_device_is_the_cpu_or_a_numbered_gpu(string text, int? gpu)
    {
        Assert.Equal(gpu, Device.Parse(text).Gpu);
        Assert.Equal(text == "cuda" ? "cuda:0" : text, Device.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1x")]
    [InlineData("cuda:99999999999")]
    public void Anything_else_is_a_usage_error(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<AuditException>(() => Device.Parse(text)).ExitCode);
}
