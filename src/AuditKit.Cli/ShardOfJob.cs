using System.Globalization;

namespace AuditKit.Cli;

/// <summary>Which shard a process is to measure: as the command line says, or the number that its job array gives it.</summary>
internal static class ShardOfJob
{
    private const string Auto = "auto";
    private const string OptionName = "--shard";

    /// <summary>Reads <c>3/64</c>, <c>auto</c> or <c>auto/64</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="environment">The value of an environment variable; null where it is not set.</param>
    /// <exception cref="AuditException">It is no shard, or nothing in the environment says which one it is.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        try
        {
            return Read(text, environment);
        }
        catch (AuditException e) when (!e.Message.StartsWith(OptionName, StringComparison.Ordinal))
        {
            throw new AuditException($"{OptionName} {text}: {e.Message}", inner: e);
        }
    }

    private static Shard Read(string text, Func<string, string?> environment)
    {
        if (text != Auto && !text.StartsWith($"{Auto}/", StringComparison.Ordinal))
        {
            return Shard.Parse(text);
        }

        int? count = text == Auto ? null : Shard.Parse($"1{text[Auto.Length..]}").Count;
        return Slurm(count) ?? Kubernetes(count) ?? Gitlab(count) ?? throw new AuditException(
            "--shard auto: none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and CI_NODE_INDEX is set. Give the shard's number and how many there are: 3/64.");

        Shard? Slurm(int? count)
        {
            if (Number("SLURM_ARRAY_TASK_ID") is not { } task)
            {
                return null;
            }

            // An array that starts elsewhere is some of the tasks of another one, which are run again: its own count is not that of the shards.
            int first = Number("SLURM_ARRAY_TASK_MIN") ?? 0;
            int? tasks = Number("SLURM_ARRAY_TASK_COUNT");
            return count is null && (first > 1 || tasks is null || Number("SLURM_ARRAY_TASK_MAX") - first + 1 != tasks)
                ? throw new AuditException("--shard auto: this Slurm array is not 0-… or 1-… without gaps, so that its length is not the number of shards. "
                    + "Say how many there are, and number the array's tasks from 1: --shard auto/64.")
                : new Shard(count is null ? task - first + 1 : task, count ?? tasks!.Value);
        }

        Shard? Kubernetes(int? count) => Number("JOB_COMPLETION_INDEX") is not { } index ? null
            : count is { } of ? new Shard(index + 1, of)
            : throw new AuditException("--shard auto: Kubernetes does not tell a pod how many completions its job has. Say how many there are: "
                + "--shard auto/64.");

        Shard? Gitlab(int? count) => Number("CI_NODE_INDEX") is not { } node ? null
            : new Shard(node, count ?? Number("CI_NODE_TOTAL") ?? throw new AuditException("--shard auto: CI_NODE_INDEX is set, but CI_NODE_TOTAL is not."));

        int? Number(string variable) => environment(variable) is not { Length: > 0 } value ? null
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new AuditException($"--shard auto: {variable} is '{value}', not a number.");
    }
}
