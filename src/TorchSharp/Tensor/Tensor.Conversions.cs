using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A copy on the processor, or the tensor itself where it is there already.</summary>
        public Tensor cpu() => To(null, CPU, false, false);

        /// <summary>
        /// A copy on an NVIDIA card, the current one if null, or the tensor itself where it is there already.
        /// </summary>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => To(null, device ?? CUDA, false, non_blocking);

        /// <summary>The elements converted.</summary>
        /// <param name="type">What they become.</param>
        /// <param name="copy">Whether to copy even where nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor.</param>
        /// <param name="non_blocking">Whether a copy from pinned memory may go on in the background.</param>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replace(To(type, null, copy, non_blocking), disposeAfter);

        /// <summary>The elements converted and moved.</summary>
        /// <param name="type">What they become.</param>
        /// <param name="device">Where they go.</param>
        /// <param name="copy">Whether to copy even where nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor.</param>
        /// <param name="non_blocking">Whether a copy from pinned memory may go on in the background.</param>
        public Tensor to(
            ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replace(To(type, device, copy, non_blocking), disposeAfter);

        /// <summary>The elements moved.</summary>
        /// <param name="device">Where they go, such as <c>cuda:0</c>.</param>
        /// <param name="copy">Whether to copy even where nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor.</param>
        /// <param name="non_blocking">Whether a copy from pinned memory may go on in the background.</param>
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        /// <inheritdoc cref="to(string, bool, bool, bool)"/>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Replace(To(null, device, copy, non_blocking), disposeAfter);

        /// <summary>The elements moved.</summary>
        /// <param name="deviceType">The kind of device.</param>
        /// <param name="deviceIndex">Which of them; -1 is the current one.</param>
        /// <param name="copy">Whether to copy even where nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor.</param>
        /// <param name="non_blocking">Whether a copy from pinned memory may go on in the background.</param>
        public Tensor to(
            DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        /// <summary>The elements converted to the type of the other tensor, and moved to where it is.</summary>
        public Tensor to(Tensor other, bool non_blocking = false) => To(other.dtype, other.device, false, non_blocking);

        /// <inheritdoc cref="to(ScalarType, bool, bool, bool)"/>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        /// <summary>The elements converted.</summary>
        public Tensor type(ScalarType dtype) => to(dtype);

        /// <summary>The elements converted to the type of the other tensor.</summary>
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        /// <summary>The elements as 32-bit real numbers.</summary>
        public Tensor @float() => to(ScalarType.Float32);

        /// <summary>The elements as 64-bit real numbers.</summary>
        public Tensor @double() => to(ScalarType.Float64);

        /// <summary>The elements as 16-bit real numbers with the exponent of 32-bit ones.</summary>
        public Tensor bfloat16() => to(ScalarType.BFloat16);

        /// <summary>The elements as 16-bit IEEE numbers.</summary>
        public Tensor half() => to(ScalarType.Float16);

        /// <summary>The elements as 64-bit integers, truncated towards 0.</summary>
        public Tensor @long() => to(ScalarType.Int64);

        /// <summary>The elements as 32-bit integers, truncated towards 0.</summary>
        public Tensor @int() => to(ScalarType.Int32);

        /// <summary>The elements as 8-bit unsigned integers, truncated towards 0.</summary>
        public Tensor @byte() => to(ScalarType.Byte);

        /// <summary>Where the elements are not 0.</summary>
        public Tensor @bool() => to(ScalarType.Bool);

        private Tensor To(ScalarType? type, Device? device, bool copy, bool nonBlocking) =>
            Call("to.dtype_layout", this, type, default, device, default, nonBlocking, copy);

        private Tensor Replace(Tensor result, bool disposeAfter)
        {
            if (disposeAfter)
            {
                Dispose();
            }

            return result;
        }
    }
}
