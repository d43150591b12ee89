using System.Text.Json;

namespace AuditKit.Training.Loop;

/// <summary>
/// A training that gave no model because a loss or the network's answers left the numbers, kept as JSON where the model would lie: what is the
/// same would diverge again, so that a table of many trainings need not repeat it. Deleted, it is tried again.
/// </summary>
/// <param name="Version">The AuditKit that trained: another may do better.</param>
/// <param name="Recipe">The recipe's text.</param>
/// <param name="DataSha256">SHA-256 over the files of the data, as <see cref="TrainingRecord.DataSha256"/>.</param>
/// <param name="StartedFrom">The networks that the run started from.</param>
/// <param name="Message">What left them, when, and what to change.</param>
internal sealed record DivergedRun(string Version, string Recipe, string DataSha256, IReadOnlyList<StartFile> StartedFrom, string Message)
{
    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "diverged.json";

    /// <summary>Writes the record into a run's folder.</summary>
    /// <exception cref="AuditException">The disk is full, or the folder cannot be written.</exception>
    public void Write(string folder)
        => AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Default.DivergedRun));

    /// <summary>Reads the record of a run's folder; null where none is there, or it is damaged.</summary>
    public static DivergedRun? Read(string folder)
    {
        try
        {
            string file = Path.Combine(folder, FileName);
            return File.Exists(file) ? JsonSerializer.Deserialize(RegularFile.ReadAllBytes(file), TrainingJson.Default.DivergedRun) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
