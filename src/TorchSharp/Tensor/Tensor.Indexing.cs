using System.Runtime.CompilerServices;
using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// The part that the indices name, one a dimension from the first on. A view unless a tensor is among them.
        /// </summary>
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>The elements that tensors of integers, or of truth values, name.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>The slice at a position of the first dimension.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, (TensorIndex)i1);
        }

        /// <summary>The slice at positions of the first two dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index((TensorIndex)i1, i2);
            set => index_put_(value, (TensorIndex)i1, i2);
        }

        /// <summary>The slice at positions of the first three dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index((TensorIndex)i1, i2, i3);
            set => index_put_(value, (TensorIndex)i1, i2, i3);
        }

        /// <summary>The slice at positions of the first four dimensions.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index((TensorIndex)i1, i2, i3, i4);
            set => index_put_(value, (TensorIndex)i1, i2, i3, i4);
        }

        /// <summary>
        /// The part that the indices name, one a dimension from the first on. A view unless a tensor is among them.
        /// </summary>
        public Tensor index(params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor part = View(indices, out Tensor?[] tensors);
            return (tensors.Length == 0 ? part : Call("index.Tensor", part, tensors)).MoveToOuterDisposeScope();
        }

        /// <summary>The elements that tensors of integers, or of truth values, name.</summary>
        public Tensor index(params Tensor[] indices) => Call("index.Tensor", this, indices);

        /// <summary>Writes the value, expanded, over the part that the indices name.</summary>
        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor part = View(indices, out Tensor?[] tensors);
            if (tensors.Length == 0)
            {
                part.copy_(value);
            }
            else
            {
                Mutate("index_put_", part, tensors, value);
            }

            return this;
        }

        /// <summary>Writes the value, expanded, over the elements that the tensors name.</summary>
        public Tensor index_put_(Tensor value, params Tensor[] indices) => Mutate("index_put_", this, indices, value);

        /// <summary>Writes, or adds (accumulate), the value, expanded, at the elements that the tensors name.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Mutate("index_put_", this, indices, value, accumulate);

        /// <summary>
        /// The view that numbers, slices and new dimensions select, and the tensors that index its dimensions, null
        /// standing for a dimension that none indexes.
        /// </summary>
        private Tensor View(ReadOnlySpan<TensorIndex> indices, out Tensor?[] tensors)
        {
            int used = 0;
            foreach (ref readonly TensorIndex index in indices)
            {
                used += index.Kind switch
                {
                    IndexKind.Single or IndexKind.Slice => 1,
                    IndexKind.Tensor => index.Values!.dtype == ScalarType.Bool ? (int)index.Values.ndim : 1,
                    _ => 0,
                };
            }

            int skipped = (int)ndim - used;
            List<Tensor?> found = [];
            Tensor part = alias();
            int dim = 0;
            foreach (ref readonly TensorIndex index in indices)
            {
                switch (index.Kind)
                {
                    case IndexKind.Single:
                        part = part.select(dim, index.Start!.Value);
                        break;
                    case IndexKind.Slice:
                        part = Call("slice.Tensor", part, dim++, index.Start, index.Stop, index.Step ?? 1);
                        break;
                    case IndexKind.None:
                        part = part.unsqueeze(dim++);
                        break;
                    case IndexKind.Ellipsis:
                        dim += skipped;
                        break;
                    case IndexKind.Bool:
                        part = part.unsqueeze(dim);
                        Note(found, dim++, tensor([index.Start != 0], device: device));
                        break;
                    default:
                        Note(found, dim, index.Values!);
                        dim += index.Values!.dtype == ScalarType.Bool ? (int)index.Values.ndim : 1;
                        break;
                }
            }

            tensors = [.. found];
            return part;

            static void Note(List<Tensor?> found, int dim, Tensor tensor)
            {
                while (found.Count < dim)
                {
                    found.Add(null);
                }

                found.Add(tensor);
            }
        }
    }
}
