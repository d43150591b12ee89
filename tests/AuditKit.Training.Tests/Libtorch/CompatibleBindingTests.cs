using System.Text;
using AuditKit.Training.Libtorch;

namespace AuditKit.Training.Tests.Libtorch;

public sealed class CompatibleBindingTests
{
    private static readonly string s_binding = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");

    [Fact]
    public void A_copy_differs_in_one_name_one_version_and_one_mark()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the copy is for Linux");
        byte[] original = File.ReadAllBytes(s_binding);
        byte[] copy = [.. original];

        CompatibleBinding.WithoutMarker(copy);

        int[] changed = [.. Enumerable.Range(0, original.Length).Where(i => original[i] != copy[i])];
        Assert.InRange(changed.Length, 10, 32);
        Assert.Equal(Count(original, "_ZSt21ios_base_library_initv") - 1, Count(copy, "_ZSt21ios_base_library_initv"));
        Assert.Equal(Count(original, "_ZSt13get_terminatev") + 1, Count(copy, "_ZSt13get_terminatev"));

        // What is left of it is in the table for debuggers, which nothing is loaded by.
        static int Count(byte[] library, string name) => Encoding.Latin1.GetString(library).Split($"\0{name}\0").Length - 1;
    }

    [Fact]
    public void What_is_no_such_library_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the copy is for Linux");
        Assert.Throws<InvalidDataException>(
            () => CompatibleBinding.WithoutMarker("MZ no library of Linux, but long enough to hold a whole header of one"u8.ToArray()));
        byte[] twice = File.ReadAllBytes(s_binding);
        CompatibleBinding.WithoutMarker(twice);
        Assert.Throws<InvalidDataException>(() => CompatibleBinding.WithoutMarker(twice));
    }
}
