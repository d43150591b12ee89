namespace TorchSharp;

/// <summary>The kinds of device that libtorch knows, under its numbers.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA card.</summary>
    CUDA = 1,

    /// <summary>Reserved.</summary>
    MKLDNN = 2,

    /// <summary>OpenGL.</summary>
    OPENGL = 3,

    /// <summary>OpenCL.</summary>
    OPENCL = 4,

    /// <summary>Reserved.</summary>
    IDEEP = 5,

    /// <summary>An AMD card.</summary>
    HIP = 6,

    /// <summary>A gate array.</summary>
    FPGA = 7,

    /// <summary>Reserved.</summary>
    MSNPU = 8,

    /// <summary>XLA.</summary>
    XLA = 9,

    /// <summary>Apple's Metal.</summary>
    MPS = 13,

    /// <summary>Shapes without data.</summary>
    META = 14,
}

public static partial class torch
{
    /// <summary>The processor.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The current NVIDIA card.</summary>
    public static Device CUDA => new(DeviceType.CUDA);

    /// <summary>A device by its description, such as <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="ArgumentException">The description names no device.</exception>
    public static Device device(string description) => new(description);

    /// <summary>A device by the name of its kind and its index, -1 being the current one.</summary>
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    /// <summary>A device by kind and index, -1 being the current one.</summary>
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    /// <summary>An NVIDIA card by its index.</summary>
    public static Device device(int index) => new(index);

    /// <summary>Where a tensor lives: a kind of device, and which of them.</summary>
    public class Device
    {
        /// <summary>A device by its description, such as <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
        /// <exception cref="ArgumentException">The description names no device.</exception>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            int colon = description.IndexOf(':', StringComparison.Ordinal);
            type = Parse(colon < 0 ? description : description[..colon]);
            index = -1;
            if (colon >= 0)
            {
                index = int.TryParse(description.AsSpan(colon + 1), out int given) && given >= 0
                    ? given
                    : throw new ArgumentException($"'{description}' names no device: what follows the colon is no index.");
            }
        }

        /// <summary>A device by the name of its kind and its index, -1 being the current one.</summary>
        /// <exception cref="ArgumentException">There is no such kind.</exception>
        public Device(string deviceType, int index = -1)
            : this(Parse(deviceType), index)
        {
        }

        /// <summary>A device by kind and index, -1 being the current one.</summary>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>An NVIDIA card by its index.</summary>
        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        /// <summary>The kind of device.</summary>
        public DeviceType type { get; set; }

        /// <summary>Which of them; -1 is the current one.</summary>
        public int index { get; set; }

        /// <summary>A device by its description, such as <c>cuda:1</c>.</summary>
        public static implicit operator Device(string description) => new(description);

        /// <summary>The description, such as <c>cuda:1</c>.</summary>
        public override string ToString()
        {
            string name = type.ToString().ToLowerInvariant();
            return type == DeviceType.CPU || index < 0 ? name : $"{name}:{index}";
        }

        private static DeviceType Parse(string name) =>
            Enum.TryParse(name, ignoreCase: true, out DeviceType kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(name[0])
                ? kind
                : throw new ArgumentException($"'{name}' names no device: use cpu, cuda or cuda:INDEX.");
    }
}
