namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// The shape, type and device, and the value of a scalar: <c>[2x3], type = Float32, device = cpu</c>.
        /// </summary>
        public override string ToString()
        {
            if (IsInvalid)
            {
                return "[disposed]";
            }

            string text = $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
            if (ndim > 0 || is_meta)
            {
                return text;
            }

            Scalar value = ToScalar();
            return value.Type switch
            {
                ScalarType.Float64 => $"{text}, value = {value.ToDouble():G5}",
                ScalarType.Bool => $"{text}, value = {value.ToBoolean()}",
                _ => $"{text}, value = {value.ToInt64()}",
            };
        }

        /// <summary>Writes the elements' bytes in row-major order, wherever the tensor lives.</summary>
        /// <param name="stream">Where to.</param>
        /// <param name="bufferSize">How many bytes at a time.</param>
        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            using Tensor local = detach();
            using Tensor here = local.cpu();
            using Tensor dense = here.contiguous();
            ReadOnlySpan<byte> bytes = dense.bytes;
            for (int start = 0; start < bytes.Length; start += bufferSize)
            {
                stream.Write(bytes.Slice(start, Math.Min(bufferSize, bytes.Length - start)));
            }
        }

        /// <summary>Overwrites the elements by bytes that <see cref="WriteBytesToStream"/> wrote.</summary>
        /// <param name="stream">Where from.</param>
        /// <param name="bufferSize">How many bytes at a time.</param>
        /// <exception cref="EndOfStreamException">The stream ends early.</exception>
        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            using IDisposable quiet = no_grad();
            using Tensor local = empty(shape, dtype);
            Span<byte> bytes = local.bytes;
            for (int start = 0; start < bytes.Length; start += bufferSize)
            {
                stream.ReadExactly(bytes.Slice(start, Math.Min(bufferSize, bytes.Length - start)));
            }

            copy_(local);
        }
    }
}
