namespace AuditKit.Evidence;

/// <summary>What lies in a run's folder.</summary>
public static class RunFolder
{
    /// <summary>The evidence's file.</summary>
    public const string EvidenceFile = "evidence.sqlite";

    /// <summary>The file of what a merge that has not finished has gathered.</summary>
    internal const string GatheringFile = "evidence.gathering";

    /// <summary>Opens a finished run's evidence for reading.</summary>
    /// <exception cref="AuditException">The folder holds no run, an unfinished one, or evidence that is damaged or was changed since.</exception>
    public static EvidenceStore OpenEvidence(string folder)
    {
        string path = Path.Combine(folder, EvidenceFile);
        if (!File.Exists(path))
        {
            throw new AuditException($"{folder} is no run's folder: it has no {EvidenceFile}. Name a folder that '{ProgramName.Value} run' has written.");
        }

        var evidence = EvidenceStore.OpenRead(path);
        try
        {
            evidence.RequireSeal();
            return ShardRecord.Read(evidence) is not { } shard ? evidence : throw new AuditException(
                $"{folder} holds shard {shard.Number}/{shard.Count} of an audit, of which nothing can be said alone. Bring all of them together with "
                + $"'{ProgramName.Value} merge'.");
        }
        catch
        {
            evidence.Dispose();
            throw;
        }
    }
}
