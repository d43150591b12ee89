namespace AuditKit.Training.Loop;

/// <summary>The trained networks that paths stand for: ONNX files, and folders of such or of training runs.</summary>
internal static class NetworkFiles
{
    private const string Extension = ".onnx";

    /// <summary>Their files, each once, in ordinal order within a folder.</summary>
    /// <param name="paths">
    /// ONNX files, and folders: of a folder every ONNX file in it, and the model of every folder in it, as training with several seeds leaves them.
    /// </param>
    /// <exception cref="AuditException">A path does not exist, or a folder has no model.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths) => [.. paths.SelectMany(Of).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new AuditException($"{path}: there is no such file or folder of source networks.");
        }

        string[] files = [.. OfFolder(path)];
        return files.Length > 0 ? files : throw new AuditException(
            $"{path}: the folder has no source network, neither as NAME{Extension} nor as NAME/{TrainingRun.ModelFile}.");
    }

    /// <summary>Whether a path is a file, or a folder with a network.</summary>
    public static bool Exist(string path) => File.Exists(path) || (Directory.Exists(path) && OfFolder(path).Any());

    private static IEnumerable<string> OfFolder(string path)
        => Directory.EnumerateFiles(path, $"*{Extension}")
            .Concat(Directory.EnumerateDirectories(path).Select(folder => Path.Combine(folder, TrainingRun.ModelFile)).Where(File.Exists))
            .Order(StringComparer.Ordinal);
}
