using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Libtorch;

/// <summary>Generators beside libtorch's own. Where a device is missing libtorch would end the process, so that is looked at first.</summary>
internal static class OwnGenerator
{
    /// <summary>A generator.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="device">Where it draws.</param>
    /// <exception cref="AuditException">The device is not there.</exception>
    public static Generator Of(uint seed, Device device)
        => device.type == DeviceType.CPU || cuda.is_available() ? new Generator(seed, device) : throw new AuditException($"There is no device {device} to draw on.");
}
