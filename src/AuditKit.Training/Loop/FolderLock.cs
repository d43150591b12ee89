namespace AuditKit.Training.Loop;

/// <summary>
/// Keeps other processes out of a folder while one works there: they would write over each other's files, and figures of one model would
/// stand beside another. The lock is the process's own, and goes when the process ends, however it ends.
/// </summary>
internal static class FolderLock
{
    /// <summary>Takes the lock until it is disposed, and makes the folder where it is not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">What is done there, such as <c>training</c>: only those who do the same keep each other out.</param>
    /// <param name="isShared">Whether others that say so, too, may work there at the same time.</param>
    /// <exception cref="AuditException">Another process has it, or the folder cannot be written.</exception>
    public static IDisposable Take(string folder, string work, bool isShared = false)
    {
        string file = Path.Combine(folder, $".{work}.lock");
        try
        {
            Directory.CreateDirectory(folder);
            // Those who read share. Their file stays, for others may still hold it.
            return isShared
                ? new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read)
                : new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new AuditException($"Another process is at work in {folder} ({work}). Wait for it, or give another folder with --out.", ExitCode.Error, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{folder} cannot be written: {e.Message}", ExitCode.Error, e);
        }
    }
}
