using System.Buffers.Binary;

namespace AuditKit.Imaging.Files;

/// <content>The directory of one page, read defensively.</content>
internal sealed partial class TiffFormat
{
    /// <summary>A directory of a file in memory, every value of which lies in the file.</summary>
    private sealed class Page
    {
        private readonly bool _little;
        private readonly int _start;
        private readonly int _count;

        public Page(byte[] file)
            : this(file, First(file))
        {
        }

        public Page(byte[] file, uint start)
        {
            (File, _little) = (file, file[0] == 'I');
            if (start < 8 || start + 2L > file.Length)
            {
                throw new InvalidDataException("its directory lies outside the file");
            }

            _start = (int)start;
            _count = Read16(_start);
            RequireLength(file, End + 4L);
            for (int entry = _start + 2; entry < End; entry += EntrySize)
            {
                if (Size(entry) > 4)
                {
                    RequireLength(file, Read32(entry + 8) + Size(entry));
                }
            }
        }

        /// <summary>The file, which <see cref="Reduce"/> and <see cref="RoundPalette"/> change.</summary>
        public byte[] File { get; }

        /// <summary>Where the next directory is; 0 for nowhere.</summary>
        public uint Next => Read32(End);

        private int End => _start + 2 + (EntrySize * _count);

        public static uint First(byte[] file)
        {
            RequireLength(file, 8);
            return file[0] == 'I' ? BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)) : BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4));
        }

        public bool Has(int tag) => Entry(tag) >= 0;

        public uint One(int tag, uint otherwise) => All(tag) is [var value, ..] ? value : otherwise;

        /// <summary>A tag's whole numbers; empty where it is not there.</summary>
        public uint[] All(int tag)
        {
            int entry = Entry(tag);
            if (entry < 0)
            {
                return [];
            }

            int width = Width(entry);
            if (width is not (1 or 2 or 4) || Read16(entry + 2) > 4)
            {
                throw new InvalidDataException($"tag {tag} is no whole number");
            }

            int at = Place(entry);
            uint[] values = new uint[Read32(entry + 4)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = width == 1 ? File[at + i] : width == 2 ? (uint)Read16(at + (2 * i)) : Read32(at + (4 * i));
            }

            return values;
        }

        /// <summary>
        /// Makes a palette's 16-bit levels those that round to their high bytes, which is what libtiff takes: some
        /// programs write v·256, some v·257, and some the 8-bit v itself.
        /// </summary>
        public void RoundPalette(int levels)
        {
            int entry = Entry(ColourMap);
            if (entry < 0 || Read16(entry + 2) != 3 || Read32(entry + 4) != levels)
            {
                throw new InvalidDataException("its palette does not fit");
            }

            bool is8Bit = All(ColourMap).All(level => level < 256);
            for (int i = 0, at = Place(entry); i < levels; i++, at += 2)
            {
                File[at] = File[at + 1] = File[at + (is8Bit == _little ? 0 : 1)];
            }
        }

        /// <summary>Leaves the needed entries alone in the directory, and no directory behind it.</summary>
        public void Reduce(ReadOnlySpan<int> needed, int height)
        {
            int to = _start + 2;
            for (int from = to; from < End; from += EntrySize)
            {
                if (!needed.Contains(Read16(from)))
                {
                    continue;
                }

                File.AsSpan(from, EntrySize).CopyTo(File.AsSpan(to));
                if (Read16(to) == RowsPerStrip && One(RowsPerStrip, 0) > (uint)height)
                {
                    Write16(to + 2, 4);
                    Write32(to + 8, (uint)height);
                }

                to += EntrySize;
            }

            Write32(to, 0);
            Write16(_start, (ushort)((to - _start - 2) / EntrySize));
        }

        // The first entry of a tag, at its offset in the file; -1 for none.
        private int Entry(int tag)
        {
            for (int entry = _start + 2; entry < End; entry += EntrySize)
            {
                if (Read16(entry) == tag)
                {
                    return entry;
                }
            }

            return -1;
        }

        private int Place(int entry) => Size(entry) <= 4 ? entry + 8 : (int)Read32(entry + 8);

        private long Size(int entry) => (long)Width(entry) * Read32(entry + 4);

        // Bytes a value, by the entry's type.
        private int Width(int entry) => Read16(entry + 2) switch
        {
            1 or 2 or 6 or 7 => 1,
            3 or 8 => 2,
            4 or 9 or 11 or 13 => 4,
            5 or 10 or 12 => 8,
            var type => throw new InvalidDataException($"a value has the type {type}"),
        };

        private ushort Read16(int at) => _little ? BinaryPrimitives.ReadUInt16LittleEndian(File.AsSpan(at))
            : BinaryPrimitives.ReadUInt16BigEndian(File.AsSpan(at));

        private uint Read32(int at) => _little ? BinaryPrimitives.ReadUInt32LittleEndian(File.AsSpan(at))
            : BinaryPrimitives.ReadUInt32BigEndian(File.AsSpan(at));

        private void Write16(int at, ushort value)
        {
            if (_little)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(File.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(File.AsSpan(at), value);
            }
        }

        private void Write32(int at, uint value)
        {
            if (_little)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(File.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(File.AsSpan(at), value);
            }
        }
    }
}
