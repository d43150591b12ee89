using AuditKit.Models;
using AuditKit.Run;

namespace AuditKit.Tests.Run;

/// <summary>What shards say of the hardware that they were measured on.</summary>
public sealed class HardwareTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("auditkit-").FullName;

    [Fact]
    public void Processor_and_GPUs_have_the_names_that_the_system_gives_them()
    {
        File.WriteAllText(Path.Combine(_proc, "cpuinfo"), "processor\t: 0\nmodel name\t: A: fast one\n\nprocessor\t: 1\nmodel name\t: A: fast one\n");
        foreach ((int gpu, string model) in new[] { "NVIDIA Z", "NVIDIA A", "NVIDIA Z" }.Index())
        {
            string folder = Directory.CreateDirectory(Path.Combine(_proc, "driver", "nvidia", "gpus", $"0000:0{gpu}:00.0")).FullName;
            File.WriteAllText(Path.Combine(folder, "information"), $"Model: \t\t {model}\nIRQ:   \t\t 28\n");
        }

        Assert.Equal([new("Processor", "A: fast one"), new("GPUs", "NVIDIA A, NVIDIA Z")], Hardware.Of(new Device(0), _proc));
        Assert.Equal([new("Processor", "A: fast one")], Hardware.Of(Device.Cpu, _proc));
    }

    [Fact]
    public void What_the_system_does_not_say_is_unknown()
        => Assert.Equal([new("Processor", "unknown"), new("GPUs", "unknown")], Hardware.Of(new Device(0), _proc));

    public void Dispose() => Directory.Delete(_proc, recursive: true);
}
