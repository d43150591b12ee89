using System.Text;

namespace AuditKit;

/// <summary>
/// Writes files that appear whole or not at all: a reader finds the old file or the new one, never half of one, whatever
/// ends the process in between.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file, and the folder that it lies in where it is not there yet.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="AuditException">
    /// The file cannot be written; the message names it, and the exit code is <see cref="ExitCode.Error"/>. What was
    /// written until then is deleted.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            // What lies there and is a device would be replaced as well.
            RegularFile.Require(path);
            string whole = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(whole) ?? whole);
            // Beside the file, because only within a folder does a move replace a file in one step.
            // The name is drawn, for processes of several machines, or containers, may have the same number and the same folder.
            string unfinished = $"{whole}.{Path.GetRandomFileName()}.unfinished";
            try
            {
                using (FileStream file = File.Create(unfinished))
                {
                    write(file);
                    file.Flush(flushToDisk: true);
                }

                File.Move(unfinished, whole, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path} cannot be written: {e.Message}", ExitCode.Error, e);
        }
    }

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="content">Its content.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        byte[] bytes = content.ToArray();
        Write(path, file => file.Write(bytes));
    }

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="text">Its content, written in UTF-8 without a mark.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));
}
