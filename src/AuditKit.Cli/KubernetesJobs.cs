using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuditKit.Cli;

/// <summary>
/// Work as jobs of Kubernetes: an Indexed Job of its pieces, and a suspended Job that merges them. A pod that its node loses is started again; one
/// whose audit cannot be run, exit code 2, is not.
/// </summary>
internal static class KubernetesJobs
{
    private const int LongestName = 40;

    // What stands for a pod's index until the words of a command are written.
    private const string Index = "INDEX-OF-THE-POD";

    private static readonly JsonSerializerOptions s_text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The manifest, YAML.</summary>
    /// <param name="work">The work.</param>
    /// <param name="image">The image with auditkit on its PATH.</param>
    /// <param name="claim">The claim of the volume that the work's paths start from.</param>
    public static string Manifest(ClusterWork work, string image, string claim)
    {
        string name = JobName(work.Name);
        if (work.Shards == 1)
        {
            return $$"""
                # kubectl create -f - ; the container's exit code is the audit's.
                {{Job(name, "backoffLimit: 0", ["auditkit", .. work.All], "", image, claim)}}
                """;
        }

        string pieces = $$"""
              completionMode: Indexed
              completions: {{work.Shards}}
              parallelism: {{work.Shards}}
              backoffLimitPerIndex: 3
              maxFailedIndexes: {{work.Shards}}
              podFailurePolicy:
                rules:
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
                  - action: FailIndex
                    onExitCodes: { containerName: audit, operator: In, values: [2] }
            """;
        string index = """

                      env:
                        - name: INDEX
                          valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } }
            """;
        return $$$"""
            # kubectl create -f -, then, however the pieces end, let the merge begin, whose container's exit code is the audit's:
            #   until kubectl get job {{{name}}} -o jsonpath='{.status.conditions[*].type}' | grep -qE 'Complete|Failed'; do sleep 10; done
            #   kubectl patch job {{{name}}}-merge --type=merge -p '{"spec":{"suspend":false}}'
            {{{Job(name, pieces.Trim(), ["auditkit", .. work.Piece(Index)], index, image, claim)}}}
            ---
            {{{Job($"{name}-merge", "suspend: true\n  backoffLimit: 0", ["sh", "-c", work.LastLine("auditkit")], "", image, claim)}}}
            """;
    }

    private static string Job(string name, string spec, IEnumerable<string> command, string environment, string image, string claim) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{name}}
        spec:
          {{spec}}
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: audit
                  image: {{Text(image)}}
                  workingDir: /audit
                  command: [{{string.Join(", ", command.Select(Word))}}]{{environment}}
                  volumeMounts:
                    - { name: audit, mountPath: /audit }
              volumes:
                - name: audit
                  persistentVolumeClaim: { claimName: {{Text(claim)}} }

        """.TrimEnd();

    // Kubernetes puts the values of variables in, of which there is one.
    private static string Word(string word)
        => Text(word.Replace("$(", "$$(", StringComparison.Ordinal).Replace(Index, "$(INDEX)", StringComparison.Ordinal));

    // A text of JSON is one of YAML.
    private static string Text(string text) => JsonSerializer.Serialize(text, s_text);

    // A name of Kubernetes is that of a host: small letters, digits and dashes. Where others had to go, digits of a digest keep two names apart.
    private static string JobName(string name)
    {
        const int Digits = 6;
        string letters = string.Concat(name.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-'));
        if (letters == name && name.Length <= LongestName)
        {
            return $"audit-{name}";
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"audit-{letters[..Math.Min(letters.Length, LongestName)].TrimEnd('-')}-{digest[..Digits]}";
    }
}
