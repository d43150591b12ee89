using TorchSharp.Utils;
using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The length of every dimension.</summary>
        public long[] shape
        {
            get
            {
                TensorInfo info = Info;
                long[] sizes = new ReadOnlySpan<long>(info.Sizes, (int)info.Dimensions).ToArray();
                GC.KeepAlive(this);
                return sizes;
            }
        }

        /// <summary>What the elements are.</summary>
        public ScalarType dtype => (ScalarType)Info.Type;

        /// <summary>Where the elements live.</summary>
        public Device device
        {
            get
            {
                TensorInfo info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        /// <summary>The kind of device where the elements live.</summary>
        public DeviceType device_type => (DeviceType)Info.DeviceType;

        /// <summary>Which of the devices of that kind; -1 on the processor.</summary>
        public int device_index => Info.DeviceIndex;

        /// <summary>The number of dimensions.</summary>
        public long Dimensions => Info.Dimensions;

        /// <summary>The number of dimensions.</summary>
        public long ndim => Info.Dimensions;

        /// <summary>The number of elements.</summary>
        public long NumberOfElements => Info.Elements;

        /// <summary>The size of an element in bytes.</summary>
        public long ElementSize => Info.ElementSize;

        /// <summary>Whether the tensor lives on an NVIDIA card.</summary>
        public bool is_cuda => device_type == DeviceType.CUDA;

        /// <summary>Whether the tensor has a shape but no data.</summary>
        public bool is_meta => device_type == DeviceType.META;

        /// <summary>Whether autograd sees the tensor as an input rather than a result.</summary>
        public bool is_leaf
        {
            get
            {
                Native.Check(Native.torchshim_is_leaf(Handle, out int leaf));
                GC.KeepAlive(this);
                return leaf != 0;
            }
        }

        /// <summary>Whether autograd records what is done with the tensor. Only a leaf's can be set.</summary>
        public bool requires_grad
        {
            get => Info.RequiresGrad != 0;
            set
            {
                Native.Check(Native.torchshim_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The gradient that the last backward passes added up; null before the first one.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.torchshim_get_grad(Handle, out nint handle));
                GC.KeepAlive(this);
                return handle == 0 ? null : new Tensor(handle);
            }

            set
            {
                Native.Check(Native.torchshim_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>The matrix with rows and columns exchanged.</summary>
        public Tensor T => Call("numpy_T", this);

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => Call("mT", this);

        /// <summary>The elements' bytes, in place; for a contiguous tensor on the processor.</summary>
        /// <exception cref="InvalidOperationException">The tensor is elsewhere or not contiguous.</exception>
        /// <exception cref="ArgumentException">The bytes set are not as many as the tensor's.</exception>
        public Span<byte> bytes
        {
            get
            {
                TensorInfo info = Info;
                if (info.DeviceType != (int)DeviceType.CPU || info.Contiguous == 0)
                {
                    throw new InvalidOperationException(
                        "Only a contiguous tensor on the processor has its bytes in one piece: cpu().contiguous().");
                }

                return new Span<byte>((void*)DataPointer, checked((int)(info.Elements * info.ElementSize)));
            }

            set
            {
                Span<byte> target = bytes;
                if (value.Length != target.Length)
                {
                    throw new ArgumentException($"The tensor holds {target.Length} bytes, not {value.Length}.");
                }

                value.CopyTo(target);
            }
        }

        internal TensorInfo Info
        {
            get
            {
                Native.Check(Native.torchshim_tensor_info(Handle, out TensorInfo info));
                GC.KeepAlive(this);
                return info;
            }
        }

        internal nint DataPointer
        {
            get
            {
                Native.Check(Native.torchshim_tensor_data(Handle, out nint data));
                GC.KeepAlive(this);
                return data;
            }
        }

        /// <summary>The number of dimensions.</summary>
        public long dim() => Info.Dimensions;

        /// <summary>The number of elements.</summary>
        public long numel() => Info.Elements;

        /// <summary>The size of an element in bytes.</summary>
        public long element_size() => Info.ElementSize;

        /// <summary>The length of every dimension.</summary>
        public long[] size() => shape;

        /// <summary>The length of a dimension; negative ones count from the last.</summary>
        public long size(int dim) => At(shape, dim);

        /// <summary>How many elements lie between neighbours, for every dimension.</summary>
        /// <exception cref="InvalidOperationException">The tensor's layout has no strides.</exception>
        public long[] stride()
        {
            TensorInfo info = Info;
            if (info.Strides is null)
            {
                throw new InvalidOperationException("A sparse tensor has no strides.");
            }

            long[] strides = new ReadOnlySpan<long>(info.Strides, (int)info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        /// <summary>
        /// How many elements lie between neighbours in a dimension; negative ones count from the last.
        /// </summary>
        public long stride(int dim) => At(stride(), dim);

        /// <summary>Whether the elements lie in memory without gaps, the last dimension innermost.</summary>
        public bool is_contiguous() => Info.Contiguous != 0;

        /// <summary>Whether the tensor lives on the processor.</summary>
        public bool is_cpu() => device_type == DeviceType.CPU;

        /// <summary>Whether the elements are real numbers.</summary>
        public bool is_floating_point() => torch.is_floating_point(dtype);

        /// <summary>Whether the elements are integers or truth values.</summary>
        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>Whether the one element is not 0.</summary>
        public bool is_nonzero() => CallScalar("is_nonzero", this).ToBoolean();

        /// <summary>The elements as C# values, in place; for a tensor on the processor.</summary>
        /// <typeparam name="T">The C# type of the elements, which must be the tensor's own.</typeparam>
        /// <exception cref="InvalidOperationException">The tensor does not live on the processor.</exception>
        /// <exception cref="ArgumentException">The elements are of another type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged => new(this);

        /// <summary>The only element.</summary>
        /// <typeparam name="T">The C# type of the element, which must be the tensor's own.</typeparam>
        /// <exception cref="ArgumentException">There is not exactly one element, or it is of another type.</exception>
        public T item<T>()
            where T : unmanaged =>
            numel() == 1 ? data<T>()[0] : throw new ArgumentException($"The tensor holds {numel()} elements, not one.");

        /// <summary>The only element as a number, wherever it lives.</summary>
        public Scalar ToScalar() => CallScalar("item", this);

        private static long At(long[] lengths, int dim)
        {
            int index = dim < 0 ? dim + lengths.Length : dim;
            return (uint)index < (uint)lengths.Length
                ? lengths[index]
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {lengths.Length} dimensions.");
        }
    }
}
