namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array of libtorch. The object owns one reference to the native tensor, which is given back
    /// by <see cref="Dispose"/>, by the scope that owns the object, or, at last, by the garbage collector.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        private nint _handle;
        private DisposeScope? _owner;
        private long _pressure;

        internal Tensor(nint handle)
            : this(handle, DisposeScopeManager.OfThread.Innermost)
        {
        }

        internal Tensor(nint handle, DisposeScope? owner)
        {
            _handle = handle;
            long count = Interlocked.Increment(ref _totalCount);
            if (count > Volatile.Read(ref _peakCount))
            {
                Volatile.Write(ref _peakCount, count);
            }

            if (owner is null)
            {
                AddPressure();
            }
            else
            {
                owner.Add(this);
                _owner = owner;
            }
        }

        /// <summary>Gives the native reference back where nobody disposed the tensor.</summary>
        ~Tensor() => Free();

        /// <summary>How many tensors are alive in managed code, on all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref _totalCount);

        /// <summary>The largest value of <see cref="TotalCount"/> so far.</summary>
        public static long PeakCount => Interlocked.Read(ref _peakCount);

        /// <summary>The native tensor.</summary>
        /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle == 0, this);
                return _handle;
            }
        }

        /// <summary>Whether the tensor was disposed.</summary>
        public bool IsInvalid => _handle == 0;

        /// <summary>The scope that disposes the tensor; null for one that nobody owns.</summary>
        internal DisposeScope? Owner
        {
            get => _owner;
            set
            {
                bool owned = _owner is not null;
                _owner = value;
                if (value is null && owned)
                {
                    AddPressure();
                }
                else if (value is not null && !owned)
                {
                    RemovePressure();
                }
            }
        }

        /// <summary>Gives the native reference back. Does nothing the second time.</summary>
        public void Dispose()
        {
            _owner?.MarkAsDisposed(this);
            Free();
            GC.SuppressFinalize(this);
        }

        /// <summary>Takes the tensor out of its scope: it lives until it is disposed itself.</summary>
        public Tensor DetachFromDisposeScope()
        {
            _owner?.Detach(this);
            return this;
        }

        /// <summary>Gives the tensor to the scope outside its own, or to nobody where there is none.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            _owner?.MoveToOuter(this);
            return this;
        }

        /// <summary>Gives the tensor to the scope that owns another tensor.</summary>
        public Tensor MoveToOtherDisposeScope(Tensor other)
        {
            _owner?.MoveToOther(other.Owner, this);
            return this;
        }

        /// <summary>Gives the tensor to another scope.</summary>
        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            _owner?.MoveToOther(other, this);
            return this;
        }

        /// <summary>Whether both are tensors that hold the same values in the same shape.</summary>
        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both are the same object or hold the same values in the same shape.</summary>
        public bool Equals(Tensor target) =>
            ReferenceEquals(
                this, target) || (target is not null && Operators.CallScalar("equal", this, target).ToBoolean());

        /// <summary>A hash of the object, not of its values.</summary>
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        /// <summary>
        /// Gives the native reference, and the place in the scope, to somebody else; nothing is left here.
        /// </summary>
        internal nint Surrender(out DisposeScope? owner)
        {
            nint handle = Handle;
            owner = _owner;
            _owner?.MarkAsDisposed(this);
            RemovePressure();
            _handle = 0;
            Interlocked.Decrement(ref _totalCount);
            return handle;
        }

        /// <summary>Disposes the tensor on behalf of the scope that owns it.</summary>
        internal void DisposeByOwner()
        {
            _owner = null;
            Dispose();
        }

        private void Free()
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
            {
                Native.torchshim_tensor_free(handle);
                Interlocked.Decrement(ref _totalCount);
                RemovePressure();
            }
        }

        /// <summary>
        /// Tells the collector what hangs on a small object that no scope disposes. Tensors in scopes are left out:
        /// their memory comes back in time, and telling would only cause collections.
        /// </summary>
        private void AddPressure()
        {
            _pressure = Math.Max(Info.Bytes, 256);
            GC.AddMemoryPressure(_pressure);
        }

        private void RemovePressure()
        {
            if (_pressure > 0)
            {
                GC.RemoveMemoryPressure(_pressure);
                _pressure = 0;
            }
        }
    }
}
