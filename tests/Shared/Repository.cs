using System.Runtime.CompilerServices;

namespace AuditKit.Tests;

/// <summary>Where the tests find the repository and the optional real data beside it.</summary>
internal static class Repository
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>
    /// A file or folder of the research data and models that lie beside the checkout. They may not be
    /// redistributed, so a test that needs them is skipped where they are absent.
    /// </summary>
    /// <param name="path">The path below the shared folder, such as <c>models/cifar10-resnet20.onnx</c>.</param>
    /// <returns>The full path.</returns>
    public static string Shared(string path)
    {
        string full = Path.GetFullPath(Path.Combine(Root, "..", "shared", path));
        Assert.SkipUnless(Path.Exists(full), $"needs ../shared/{path}, which is not redistributed with the project");
        return full;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
