using System.Diagnostics;
using System.Text.RegularExpressions;
using AuditKit.Tests;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Cli.Tests;

/// <summary>What <c>submit</c> asks of schedulers: of Slurm by a stand-in for sbatch, of Kubernetes by the types of its published API.</summary>
public sealed class SubmitCommandTests : IDisposable
{
    private readonly SmallAudit _audit = new(images: 12);

    [Fact]
    public void Slurm_is_given_an_array_and_a_merge_that_waits_for_it()
    {
        (ExitCode exitCode, string output, string[] jobs) = Slurm("submit", "audit.yaml", "--on", "slurm", "--shards", "5", "--set", "name=It's bright", "--option=--partition=gpu");
        Assert.Equal(ExitCode.Pass, exitCode);
        Assert.Contains("array job 100 of 5", output);
        Assert.Contains("then job 101", output);
        Assert.Equal(
            [
                "--parsable|--job-name=audit|--output=runs/audit/logs/%a.log|--partition=gpu|--array=1-5|--requeue|--wrap|"
                    + "exec auditkit run audit.yaml --set 'name=It'\\''s bright' --shard auto/5 --out runs/audit/shards/\"$SLURM_ARRAY_TASK_ID\"-of-5",
                "--parsable|--job-name=audit-merge|--output=runs/audit/logs/merge.log|--partition=gpu|--dependency=afterany:100|--wrap|"
                    + "exec auditkit merge runs/audit/shards/*-of-5 --out runs/audit",
            ],
            jobs);
    }

    [Fact]
    public void A_folder_that_a_shell_would_divide_is_one_word()
    {
        (_, _, string[] jobs) = Slurm("submit", "audit.yaml", "--on", "slurm", "--shards", "2", "--out", "my runs/a+b");
        Assert.EndsWith("--out 'my runs/a+b/shards/'\"$SLURM_ARRAY_TASK_ID\"-of-2", jobs[0]);
        Assert.EndsWith("exec auditkit merge 'my runs/a+b/shards'/*-of-2 --out 'my runs/a+b'", jobs[1]);
    }

    [Fact]
    public void Several_audits_and_tables_are_jobs_of_their_own()
    {
        File.Copy(Path.Combine(_audit.Folder, "audit.yaml"), Path.Combine(_audit.Folder, "second.yaml"));
        string table = Path.GetRelativePath(_audit.Folder, Path.Combine(Repository.Root, "audits", "reproduce", "weight-prior.yaml"));
        (_, _, string[] jobs) = Slurm("submit", "audit.yaml", "second.yaml", "--on", "slurm");
        Assert.Equal(
            ["exec auditkit run audit.yaml --out runs/audit", "exec auditkit run second.yaml --out runs/second"], jobs.Select(job => job.Split('|')[^1]));
        (_, _, jobs) = Slurm("submit", table, "--on", "slurm", "--shards", "4");
        Assert.Equal($"exec auditkit reproduce {table} --shard auto/4 --out runs/reproduce-weight-prior", jobs[0].Split('|')[^1]);
        Assert.Equal($"exec auditkit reproduce {table} --out runs/reproduce-weight-prior --finished", jobs[1].Split('|')[^1]);

        // A table and an audit of one name go to folders of their own.
        File.Copy(Path.Combine(_audit.Folder, "audit.yaml"), Path.Combine(_audit.Folder, "weight-prior.yaml"));
        (_, _, jobs) = Slurm("submit", table, "weight-prior.yaml", "--on", "slurm");
        Assert.Equal(
            [$"exec auditkit reproduce {table} --out runs/reproduce-weight-prior", "exec auditkit run weight-prior.yaml --out runs/weight-prior"],
            jobs.Select(job => job.Split('|')[^1]));
    }

    [Fact]
    public void What_cannot_be_submitted_is_refused_before_anything_is()
    {
        (ExitCode exitCode, string output) = CommandLine.Run(_audit.Folder, "submit", "audit.yaml", "--on", "kubernetes", "--option=--partition=gpu");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("--option is for --on slurm", output);
        Refused("--shards", "--shards", "x");
        Refused("sbatch refused the job: no such partition", "--option=--partition=nowhere");
        Refused("--image is for --on kubernetes", "--image", "example.org/audit:1");
        RefusedFile("its own settings", ["--set", "seed=2"], Path.Combine(Repository.Root, "audits", "reproduce", "weight-prior.yaml"));
        string spec = Path.Combine(_audit.Folder, "audit.yaml");
        File.WriteAllText(spec, $"{File.ReadAllText(spec)}\nmodle: 1\n");
        Refused("modle");
        RefusedFile("nowhere.yaml", [], "nowhere.yaml");
        (exitCode, output) = CommandLine.Run(_audit.Folder, "submit", "audit.yaml", "--on", "kubernetes");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.DoesNotContain("   at ", output);

        void Refused(string why, params string[] options) => RefusedFile(why, options, "audit.yaml");

        void RefusedFile(string why, string[] options, string file)
        {
            (ExitCode code, string told, string[] jobs) = Slurm(["submit", file, "--on", "slurm", .. options]);
            Assert.NotEqual(ExitCode.Pass, code);
            Assert.Contains(why, told);
            Assert.DoesNotContain("   at ", told);
            Assert.Empty(jobs);
        }
    }

    [Fact]
    public void Without_sbatch_it_is_said()
    {
        ProcessStartInfo start = CommandLine.StartInfo(_audit.Folder, "submit", "audit.yaml", "--on", "slurm");
        start.FileName = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : Which("dotnet");
        start.Environment["PATH"] = _audit.Folder;
        (ExitCode exitCode, string output) = CommandLine.Run(start);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("no sbatch on the PATH", output);
    }

    [Fact]
    public void Device_and_threads_go_to_the_jobs_that_measure()
    {
        (ExitCode exitCode, string output) = CommandLine.Run(
            _audit.Folder, "submit", "audit.yaml", "--on", "kubernetes", "--shards", "2", "--image", "example.org/audit:1", "--claim", "data", "--device", "cuda",
            "--threads", "3");
        Assert.True(exitCode == ExitCode.Pass, output);
        string[] documents = output.Split("\n---\n");
        Assert.Equal(
            ["auditkit", "run", "audit.yaml", "--device", "cuda:0", "--threads", "3", "--shard", "auto/2", "--out", "runs/audit/shards/$(INDEX)-of-2"],
            KubernetesYaml.Deserialize<V1Job>(documents[0], strict: true).Spec.Template.Spec.Containers[0].Command);
        Assert.DoesNotContain("--device", documents[1]);
    }

    [Fact]
    public void Jobs_of_Kubernetes_have_names_of_their_own_that_it_takes()
    {
        string[] names = ["a_b", "a-b", "A-b", "a.b", "___", new string('n', 70), new string('n', 71), "audit-2"];
        string text = File.ReadAllText(Path.Combine(_audit.Folder, "audit.yaml"));
        foreach (string name in names)
        {
            File.WriteAllText(Path.Combine(_audit.Folder, $"{name}.yaml"), text);
        }

        (ExitCode exitCode, string output) = CommandLine.Run(_audit.Folder, [
            "submit", .. names.Select(name => $"{name}.yaml"), "--on", "kubernetes", "--shards", "2", "--image", "example.org/audit:1", "--claim", "data",
        ]);
        Assert.True(exitCode == ExitCode.Pass, output);
        string[] jobs = [.. output.Split("\n---\n").Select(document => KubernetesYaml.Deserialize<V1Job>(document, strict: true).Metadata.Name)];
        Assert.Equal(2 * names.Length, jobs.Distinct().Count());
        Assert.All(jobs, job => Assert.Matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$", job));
        Assert.Contains("audit-a-b", jobs);
        Assert.Contains("audit-audit-2-merge", jobs);
    }

    [Fact]
    public void Kubernetes_is_given_manifests_of_its_published_types()
    {
        (ExitCode exitCode, string output) = CommandLine.Run(
            _audit.Folder, "submit", "audit.yaml", "--on", "kubernetes", "--shards", "6", "--image", "example.org/audit:1", "--claim", "data");
        Assert.Equal(ExitCode.Pass, exitCode);
        string[] documents = output.Split("\n---\n");
        Assert.Equal(2, documents.Length);
        V1Job pieces = KubernetesYaml.Deserialize<V1Job>(documents[0], strict: true), merge = KubernetesYaml.Deserialize<V1Job>(documents[1], strict: true);
        Assert.Equal(("batch/v1", "Job", "audit-audit"), (pieces.ApiVersion, pieces.Kind, pieces.Metadata.Name));
        Assert.Equal(("Indexed", 6, 6, 3), (pieces.Spec.CompletionMode, pieces.Spec.Completions, pieces.Spec.Parallelism, pieces.Spec.BackoffLimitPerIndex));
        Assert.Equal(["Ignore", "FailIndex"], pieces.Spec.PodFailurePolicy.Rules.Select(rule => rule.Action));
        Assert.Equal([(int)ExitCode.Usage], pieces.Spec.PodFailurePolicy.Rules[1].OnExitCodes.Values);
        V1Container container = Assert.Single(pieces.Spec.Template.Spec.Containers);
        Assert.Equal(pieces.Spec.PodFailurePolicy.Rules[1].OnExitCodes.ContainerName, container.Name);
        Assert.Equal(["auditkit", "run", "audit.yaml", "--shard", "auto/6", "--out", "runs/audit/shards/$(INDEX)-of-6"], container.Command);
        Assert.Equal("metadata.annotations['batch.kubernetes.io/job-completion-index']", Assert.Single(container.Env).ValueFrom.FieldRef.FieldPath);
        Assert.Equal(container.VolumeMounts[0].Name, pieces.Spec.Template.Spec.Volumes[0].Name);
        Assert.Equal(("data", "Never"), (pieces.Spec.Template.Spec.Volumes[0].PersistentVolumeClaim.ClaimName, pieces.Spec.Template.Spec.RestartPolicy));
        Assert.Equal((true, 0), (merge.Spec.Suspend, merge.Spec.BackoffLimit));
        Assert.Equal(["sh", "-c", "exec auditkit merge runs/audit/shards/*-of-6 --out runs/audit"], merge.Spec.Template.Spec.Containers[0].Command);
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.Deserialize<V1Job>(documents[1].Replace("suspend", "suspended", StringComparison.Ordinal), strict: true));
    }

    // Types convert what is of another type, and know neither what is required nor which words are taken.
    [Theory]
    [InlineData("--shards", "6", "--device", "cuda", "--threads", "3")]
    [InlineData("--shards", "1")]
    public void Kubernetes_is_given_manifests_that_obey_the_schemas_of_its_published_api(params string[] options)
    {
        (ExitCode exitCode, string manifest) = CommandLine.Run(
            _audit.Folder, ["submit", "audit.yaml", "--on", "kubernetes", "--image", "example.org/audit:1", "--claim", "data", .. options]);
        Assert.Equal(ExitCode.Pass, exitCode);
        Assert.Equal("", Validate(manifest));
        Assert.Contains("backoffLimit must be integer", Validate(manifest.Replace("backoffLimit: 0", "backoffLimit: none", StringComparison.Ordinal)));
        Assert.Contains("required property name", Validate(Regex.Replace(manifest, @"- name: audit\s+image", "- image")));
    }

    // With two shards where the examples have eight, which are run as their engines would run them.
    [Theory]
    [InlineData("github-shards.yml")]
    [InlineData("gitlab-shards.yml")]
    public void Examples_of_continuous_integration_measure_all_shards_and_merge_them(string example)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "audits", "ci", example));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        string[] commands =
        [
            .. yaml.Documents[0].AllNodes.OfType<YamlMappingNode>().SelectMany(map => map.Children)
                .Where(entry => entry.Key.ToString() is "run" or "script")
                .SelectMany(entry => entry.Value is YamlSequenceNode lines ? lines.Children : [entry.Value]).Select(line => line.ToString()),
        ];
        Assert.Equal(2, commands.Length);
        if (((YamlMappingNode)yaml.Documents[0].RootNode).Children.TryGetValue("env", out YamlNode? environment))
        {
            YamlNode numbers = yaml.Documents[0].RootNode["jobs"]["shard"]["strategy"]["matrix"]["shard"];
            Assert.Equal(Enumerable.Range(1, int.Parse(environment["SHARDS"].ToString())).Select(number => $"{number}"), ((YamlSequenceNode)numbers).Select(number => number.ToString()));
        }

        Directory.CreateSymbolicLink(Path.Combine(_audit.Folder, "audits"), _audit.Folder);
        _audit.WriteSpec("accuracy: { min: 0.5 }");
        File.Move(Path.Combine(_audit.Folder, "audit.yaml"), Path.Combine(_audit.Folder, "release-gate.yaml"));
        string launcher = Path.Combine(Directory.CreateDirectory(Path.Combine(_audit.Folder, "auditkit")).FullName, "auditkit");
        File.WriteAllText(launcher, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "AuditKit.Cli.dll")}' \"$@\"\n");
        File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (string number in new[] { "1", "2" })
        {
            Bash(commands[0], number);
        }

        Bash(commands[1], "");
        Assert.True(File.Exists(Path.Combine(_audit.Folder, "model-audit", "junit.xml")));

        void Bash(string command, string number)
        {
            var start = new ProcessStartInfo(
                "bash", ["-e", "-c", command.Replace("${{ matrix.shard }}", number, StringComparison.Ordinal).Replace("/opt/", "", StringComparison.Ordinal)])
            {
                WorkingDirectory = _audit.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            (start.Environment["SPEC"], start.Environment["SHARDS"]) = ("audits/release-gate.yaml", "2");
            (start.Environment["CI_NODE_INDEX"], start.Environment["CI_NODE_TOTAL"]) = (number, "2");
            (ExitCode exitCode, string output) = CommandLine.Run(start);
            Assert.True(exitCode == ExitCode.Pass, output);
        }
    }

    public void Dispose() => _audit.Dispose();

    private string Validate(string manifest)
    {
        string tests = Path.Combine(Repository.Root, "tests", "AuditKit.Cli.Tests");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(tests, "node_modules", "kubernetes-models")), $"needs the packages of {tests}/package-lock.json (npm ci)");
        string file = Path.Combine(_audit.Folder, "jobs.yaml");
        File.WriteAllText(file, manifest);
        return CommandLine.Run(new ProcessStartInfo("node", [Path.Combine(tests, "kubernetes.mjs"), file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }).Output.Trim();
    }

    private static string Which(string program)
        => Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);

    // A stand-in that keeps its arguments, refuses one partition, and counts its jobs from 100.
    private (ExitCode ExitCode, string Output, string[] Jobs) Slurm(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string folder = Directory.CreateTempSubdirectory("auditkit-sbatch").FullName, log = Path.Combine(folder, "log");
        try
        {
            string script = Path.Combine(folder, "sbatch");
            File.WriteAllText(script, $$"""
                #!/bin/sh
                case "$*" in *nowhere*) echo 'no such partition' >&2; exit 1;; esac
                echo $((100 + $(cat {{log}} 2>/dev/null | wc -l)))
                (IFS='|'; echo "$*") >> {{log}}

                """);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            ProcessStartInfo start = CommandLine.StartInfo(_audit.Folder, arguments);
            start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment.Remove("AUDITKIT_COMMAND");
            start.Environment.Remove("AUDITKIT_LAUNCHER");
            (ExitCode exitCode, string output) = CommandLine.Run(start);
            return (exitCode, output, File.Exists(log) ? File.ReadAllLines(log) : []);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
