using AuditKit.Data;
using AuditKit.Training.Backbones;

namespace AuditKit.Training.Loop;

/// <summary>Networks that a run started from.</summary>
/// <param name="Path">A file, or a folder of networks, from the recipe's folder, with <c>/</c> between names; or a listed backbone's name.</param>
/// <param name="Sha256">
/// SHA-256 in lower-case hexadecimal: the file's; a folder's over a line for each of its networks, as <see cref="DatasetFingerprint"/> makes it.
/// </param>
public sealed record StartFile(string Path, string Sha256)
{
    /// <summary>What a recipe and its method start from.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="networks">Full paths of the networks that its method learns from.</param>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    internal static IReadOnlyList<StartFile> Of(Recipe recipe, IReadOnlyList<string> networks)
        =>
        [
            .. recipe.Features?.Backbone is { } listed ? [new StartFile(listed.Name, listed.Sha256)] : Array.Empty<StartFile>(),
            .. new[] { recipe.Model.Path, recipe.Features?.Path ?? "" }.Where(path => path.Length > 0).Concat(networks)
                .Select(path => At(path, recipe)),
        ];

    /// <summary>A network file, or a folder of networks, as a recipe's record names it.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    internal static StartFile At(string path, Recipe recipe)
        => new(System.IO.Path.GetRelativePath(recipe.Folder, path).Replace('\\', '/'), Digest(path));

    /// <summary>Whether it is still what it was; what is not there any more is taken to be, for nothing else can be started from.</summary>
    /// <param name="folder">The recipe's folder.</param>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    internal bool IsUnchanged(string folder)
    {
        if (ReferenceBackbone.Find(Path) is { } listed)
        {
            return listed.Sha256 == Sha256;
        }

        string path = System.IO.Path.GetFullPath(Path, folder);
        return !NetworkFiles.Exist(path) || Digest(path) == Sha256;
    }

    private static string Digest(string path)
    {
        DatasetFingerprint files = DatasetFingerprint.Of(path, NetworkFiles.Of([path]), threads: 1, CancellationToken.None);
        return File.Exists(path) ? files.Files[0].Sha256 : files.Sha256;
    }
}
