using System.ComponentModel;
using System.Diagnostics;

namespace AuditKit.Cli;

/// <summary>Work as jobs of Slurm: an array of its pieces, and a job that merges them when all have ended, however they ended.</summary>
internal static class SlurmJobs
{
    /// <summary>Submits work, and prints the jobs' ids.</summary>
    /// <param name="work">The work.</param>
    /// <param name="options">Options of sbatch for every job.</param>
    /// <exception cref="AuditException">There is no sbatch here, or it refuses the jobs.</exception>
    public static void Submit(ClusterWork work, IReadOnlyList<string> options)
    {
        try
        {
            Directory.CreateDirectory(work.Logs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{work.Logs} cannot be made: {e.Message}", inner: e);
        }

        if (work.Shards == 1)
        {
            string job = Sbatch([.. Named(work.Name, "log"), .. options, "--wrap", $"exec {ClusterWork.Shell([Program.Launcher, .. work.All])}"]);
            Console.WriteLine($"{work.File}: job {job}; its end is the audit's, its report goes to {work.Folder}");
            return;
        }

        // Slurm's own variable is left to the shell that the job runs, outside of what may be quoted.
        const string Number = "NUMBER-OF-THE-TASK";
        string piece = string.Join(' ', work.Piece(Number).Prepend(Program.Launcher).Select(word => string.Join("\"$SLURM_ARRAY_TASK_ID\"", word.Split(Number)
            .Select(part => part.Length == 0 ? "" : ClusterWork.Shell([part])))));
        string array = Sbatch([.. Named(work.Name, "%a.log"), .. options, $"--array=1-{work.Shards}", "--requeue", "--wrap", $"exec {piece}"]);
        Console.WriteLine($"{work.File}: array job {array} of {work.Shards}");
        // After any end: where a piece failed, the merge says which one, and what was lost.
        string merge = Sbatch([
            .. Named($"{work.Name}-merge", "merge.log"), .. options, $"--dependency=afterany:{array}", "--wrap", work.LastLine(Program.Launcher),
        ]);
        Console.WriteLine($"{work.File}: then job {merge}, whose end is the audit's; its report goes to {work.Folder}");

        string[] Named(string name, string log) => ["--parsable", $"--job-name={name}", $"--output={Path.Combine(work.Logs, log)}"];
    }

    private static string Sbatch(string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("sbatch", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // The id, and behind a semicolon the cluster's name where there are several.
            return process.ExitCode == 0 ? output.Trim().Split(';')[0]
                : throw new AuditException($"sbatch refused the job: {errors.Result.Trim().ReplaceLineEndings(" ")}", ExitCode.Error);
        }
        catch (Win32Exception e)
        {
            throw new AuditException("There is no sbatch on the PATH: submit on a machine from which Slurm takes jobs.", inner: e);
        }
    }
}
