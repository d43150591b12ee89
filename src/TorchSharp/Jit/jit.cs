namespace TorchSharp;

public static partial class torch
{
    /// <summary>TorchScript: models that carry their own program.</summary>
    public static partial class jit
    {
        /// <summary>Loads a TorchScript file.</summary>
        /// <param name="filename">The file.</param>
        /// <param name="device_type">The kind of device for its tensors.</param>
        /// <param name="device_index">Which of them; -1 is the current one.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The file is no TorchScript, or is
        /// damaged.</exception>
        public static ScriptModule load(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(filename, device_type, device_index));

        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        public static ScriptModule load(string filename, Device map_location) =>
            load(filename, map_location.type, map_location.index);

        /// <summary>Loads TorchScript from memory.</summary>
        /// <param name="bytes">The file's bytes.</param>
        /// <param name="device_type">The kind of device for its tensors.</param>
        /// <param name="device_index">Which of them; -1 is the current one.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The bytes are no TorchScript, or are
        /// damaged.</exception>
        public static unsafe ScriptModule load(
            byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1)
        {
            ArgumentNullException.ThrowIfNull(bytes);
            fixed (byte* start = bytes)
            {
                Native.Check(Native.torchshim_module_load_bytes(
                    start, bytes.Length, (int)device_type, (int)device_index, out nint handle));
                return new ScriptModule(handle);
            }
        }

        /// <summary>Loads a TorchScript file whose <c>forward</c> takes one input.</summary>
        /// <inheritdoc cref="load(string, DeviceType, long)"/>
        /// <typeparam name="T1">The input.</typeparam>
        /// <typeparam name="TResult">The result.</typeparam>
        public static ScriptModule<T1, TResult> load<T1, TResult>(
            string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) =>
            new(Load(filename, device_type, device_index));

        /// <inheritdoc cref="load{T1, TResult}(string, DeviceType, long)"/>
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, Device map_location) =>
            new(Load(filename, map_location.type, map_location.index));

        private static nint Load(string filename, DeviceType type, long index)
        {
            if (!File.Exists(filename))
            {
                throw new FileNotFoundException($"There is no file {filename}.", filename);
            }

            Native.Check(Native.torchshim_module_load(filename, (int)type, (int)index, out nint handle));
            return handle;
        }
    }
}
