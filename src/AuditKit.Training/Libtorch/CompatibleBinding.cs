using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// TorchSharp's native half for systems whose C++ library is older than GCC 13, such as Debian 12's. It asks for
/// GLIBCXX_3.4.32 because of one function that does nothing, <c>std::ios_base_library_init()</c>: a marker that the library
/// initialises its streams by itself. Such systems have everything else that it needs.
/// </summary>
/// <remarks>
/// The copy's undefined symbol is renamed to a function without arguments and effects that every libstdc++ has since
/// GCC 4.9 (<c>std::get_terminate()</c>, GLIBCXX_3.4.20), and the newer version is no longer required: it is marked
/// weak. Three numbers and a name change in place (ELF-64, System V ABI; symbol versions by the LSB).
/// </remarks>
internal static class CompatibleBinding
{
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const string Substitute = "_ZSt13get_terminatev";
    private const string MarkerVersion = "GLIBCXX_3.4.32";
    private const string SubstituteVersion = "GLIBCXX_3.4.20";

    /// <summary>The library as this system can load it: itself, or a copy that lies beside libtorch.</summary>
    /// <param name="library">The library as its package has it.</param>
    /// <param name="libtorch">The folder of libtorch; the copy goes into the user's own where this is not writable.</param>
    /// <exception cref="AuditException">The copy cannot be written.</exception>
    public static string Prepare(string library, string libtorch)
    {
        if (!OperatingSystem.IsLinux() || SystemHas(Marker))
        {
            return library;
        }

        string copy = Path.Combine(LibtorchFolder.IsUsers ? $"{LibtorchFolder.Own}-binding" : libtorch, Path.GetFileName(library));
        try
        {
            if (!File.Exists(copy) || File.GetLastWriteTimeUtc(copy) < File.GetLastWriteTimeUtc(library))
            {
                byte[] bytes = File.ReadAllBytes(library);
                WithoutMarker(bytes);
                AtomicFile.Write(copy, bytes);
            }

            return copy;
        }
        catch (AuditException e)
        {
            throw new AuditException($"{e.Message} This system's C++ library needs a copy of {library} there.", ExitCode.Error, e);
        }
    }

    /// <summary>Changes the library in memory so that it does not ask for the marker any more.</summary>
    /// <exception cref="InvalidDataException">It is no ELF-64 library that asks for it.</exception>
    internal static void WithoutMarker(byte[] elf)
    {
        const uint DynamicSymbols = 11, VersionTable = 0x6fffffff, VersionNeeds = 0x6ffffffe;
        const int SymbolSize = 24;
        Section[] sections = Sections(elf);
        Section symbols = Find(sections, DynamicSymbols), versions = Find(sections, VersionTable), needs = Find(sections, VersionNeeds);
        int names = sections[symbols.Link].Offset;
        (int _, ushort substitute) = VersionNeed(elf, needs, sections[needs.Link].Offset, SubstituteVersion);
        (int marker, ushort _) = VersionNeed(elf, needs, sections[needs.Link].Offset, MarkerVersion);
        for (int i = 0; i < symbols.Size / SymbolSize; i++)
        {
            int name = names + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(symbols.Offset + (i * SymbolSize)));
            if (Text(elf, name) == Marker)
            {
                elf.AsSpan(name, Marker.Length).Clear();
                Encoding.ASCII.GetBytes(Substitute, elf.AsSpan(name));
                BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(versions.Offset + (2 * i)), substitute);

                // vna_flags of the version's Elf64_Vernaux: VER_FLG_WEAK.
                elf[marker + 4] |= 2;
                return;
            }
        }

        throw new InvalidDataException($"the library does not ask for {Marker}");
    }

    private static bool SystemHas(string symbol) =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint runtime) && NativeLibrary.TryGetExport(runtime, symbol, out _);

    private static Section[] Sections(byte[] elf)
    {
        const int HeaderSize = 64;
        if (elf.Length < HeaderSize || !elf.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("not an ELF-64 library");
        }

        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(0x28));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(0x3c));
        return
        [
            .. Enumerable.Range(0, count).Select(i => elf.AsSpan(table + (i * HeaderSize), HeaderSize).ToArray()).Select(header => new Section(
                BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)),
                (int)BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(24)),
                (int)BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32)),
                (int)BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(40)))),
        ];
    }

    private static Section Find(Section[] sections, uint type) =>
        sections.FirstOrDefault(section => section.Type == type) ?? throw new InvalidDataException($"the library has no section of type {type:x}");

    // Where the entry of a version stands, and the number that symbols name it by: Elf64_Verneed and Elf64_Vernaux are
    // lists in which each element says how far on the next one stands.
    private static (int Entry, ushort Index) VersionNeed(byte[] elf, Section needs, int names, string version)
    {
        for (int need = needs.Offset, step = 1; step != 0; need += step)
        {
            step = Int(need + 12);
            for (int entry = need + Int(need + 8), next = 1; next != 0; entry += next)
            {
                next = Int(entry + 12);
                if (Text(elf, names + Int(entry + 8)) == version)
                {
                    return (entry, BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(entry + 6)));
                }
            }
        }

        throw new InvalidDataException($"the library needs no {version}");

        int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(elf.AsSpan(at));
    }

    private static string Text(byte[] elf, int at) => Encoding.ASCII.GetString(elf.AsSpan(at, elf.AsSpan(at).IndexOf((byte)0)));

    private sealed record Section(uint Type, int Offset, int Size, int Link);
}
