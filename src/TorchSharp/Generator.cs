namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the default generators of all devices.</summary>
    /// <returns>The processor's default generator.</returns>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.torchshim_manual_seed(seed));
        return Generator.Default;
    }

    /// <summary>The state of the processor's default generator.</summary>
    public static Tensor get_rng_state()
    {
        using Generator generator = Generator.Default;
        return generator.get_state();
    }

    /// <summary>Restores the state of the processor's default generator.</summary>
    public static void set_rng_state(Tensor new_state)
    {
        using Generator generator = Generator.Default;
        generator.set_state(new_state);
    }

    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        /// <summary>A new generator.</summary>
        /// <param name="seed">The same seed gives the same numbers.</param>
        /// <param name="device">Where the tensors live that it fills; the processor if null.</param>
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            Native.Check(Native.torchshim_generator_new(
                unchecked((long)seed), (int)this.device.type, this.device.index, out _handle));
        }

        private Generator(nint handle)
        {
            device = CPU;
            _handle = handle;
        }

        /// <summary>Gives the native generator back where nobody disposed it.</summary>
        ~Generator() => Dispose(false);

        /// <summary>The processor's default generator.</summary>
        public static Generator Default
        {
            get
            {
                Native.Check(Native.torchshim_generator((int)DeviceType.CPU, -1, out nint handle));
                return new Generator(handle);
            }
        }

        /// <summary>Where the tensors live that it fills.</summary>
        public Device device { get; }

        /// <summary>The native generator.</summary>
        /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle == 0, this);
                return _handle;
            }
        }

        /// <summary>Starts again from a seed.</summary>
        /// <returns>This generator.</returns>
        public Generator manual_seed(long seed)
        {
            Native.Check(Native.torchshim_generator_seed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>The seed that it started from.</summary>
        public long initial_seed()
        {
            Native.Check(Native.torchshim_generator_initial_seed(Handle, out long seed));
            GC.KeepAlive(this);
            return seed;
        }

        /// <summary>The state: what is drawn after it was restored is the same again.</summary>
        public Tensor get_state()
        {
            Native.Check(Native.torchshim_generator_get_state(Handle, out nint state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        /// <summary>Restores a state.</summary>
        public void set_state(Tensor value)
        {
            Native.Check(Native.torchshim_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        /// <summary>Gives the native generator back.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Gives the native generator back.</summary>
        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
            {
                Native.torchshim_generator_free(handle);
            }
        }
    }
}
