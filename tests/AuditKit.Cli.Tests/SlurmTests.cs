using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AuditKit.Cli.Tests;

/// <summary>A real Slurm of two nodes, both of them this machine: an audit in pieces ends as on one machine, whatever happens to them.</summary>
public sealed class SlurmTests(ITestOutputHelper log) : IDisposable
{
    private static readonly string[] s_programs = ["slurmctld", "slurmd", "sbatch", "scontrol", "squeue"];

    private readonly SmallAudit _audit = new(images: 120);
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-slurm").FullName;
    private readonly List<Process> _daemons = [];

    [Fact]
    public void An_array_with_a_killed_a_requeued_and_a_drained_task_ends_with_the_report_of_one_machine()
    {
        foreach (string program in s_programs)
        {
            Assert.SkipUnless(Find(program) is not null, $"needs the program {program}: apt-get install slurmctld slurmd slurm-client");
        }

        _audit.WriteSpec("accuracy: { min: 0.999 }\n  stability: { perturbations: [jpeg-50, crop-1] }\n  simba: { images: 20, iterations: 60 }");
        Start();
        ExitCode expected = _audit.Run().ExitCode;

        string told = Submit();
        // A task that was put back waits for two minutes, unless it is told not to.
        Wait("the task that was put back", () => Program("squeue", "--noheader", "--states=PENDING", "--Format=RestartCnt").Contains('1', StringComparison.Ordinal));
        Program("scontrol", "update", $"JobId={told.Split("array job ")[1].Split(' ')[0]}_3", "StartTime=now");
        Assert.Equal("4:0", ExitOf(Merge(told)));
        string merged = File.ReadAllText(Path.Combine(_audit.Folder, "cluster", "logs", "merge.log"));
        log.WriteLine(merged);
        Assert.Contains("1 shard is missing, and so are 7 of 120 images: 2/6 with 7 images (#", merged);
        Assert.Contains("Not finished: cluster/shards/2-of-6.", merged);
        Assert.False(File.Exists(Path.Combine(_audit.Folder, "cluster", "report.json")));
        Assert.Contains("node2", Sinfo("drain"));

        told = Submit();
        Assert.Equal($"{(int)expected}:0", ExitOf(Merge(told)));
        Assert.NotEqual(ExitCode.Pass, expected);
        foreach (string report in new[] { "report.json", "report.html", "report.sarif", "junit.xml" })
        {
            Assert.Equal(
                File.ReadAllText(Path.Combine(_audit.Folder, "run", report)), File.ReadAllText(Path.Combine(_audit.Folder, "cluster", report)));
        }
    }

    public void Dispose()
    {
        foreach (Process daemon in _daemons)
        {
            daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        _audit.Dispose();
    }

    // What happens to the tasks the first time: the second is killed by a signal in mid-run, the third is put back into the queue, the fourth sees
    // its node drained, which leaves the others to the other node.
    private string Launcher => $$"""
        #!/bin/sh
        run="dotnet {{Path.Combine(AppContext.BaseDirectory, "AuditKit.Cli.dll")}}"
        first="{{_folder}}/task-$SLURM_ARRAY_TASK_ID"
        if [ -n "$SLURM_ARRAY_TASK_ID" ] && [ ! -e "$first" ]; then
          touch "$first"
          echo "task $SLURM_ARRAY_TASK_ID on $SLURMD_NODENAME"
          case $SLURM_ARRAY_TASK_ID in
            2) $run "$@" &
               while [ ! -s cluster/shards/2-of-6/evidence.sqlite ]; do sleep 0.05; done
               kill -KILL $!
               wait $!
               exit $? ;;
            3) scontrol requeue "$SLURM_JOB_ID"; sleep 60 ;;
            4) scontrol update NodeName=node2 State=DRAIN Reason=test ;;
          esac
        fi
        exec $run "$@"

        """;

    private void Start()
    {
        string host = Dns.GetHostName(), launcher = Path.Combine(_folder, "auditkit");
        File.WriteAllText(launcher, Launcher);
        File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        int[] ports = [.. Enumerable.Range(0, 3).Select(_ => FreePort())];
        File.WriteAllText(Path.Combine(_folder, "slurm.conf"), $"""
            ClusterName=test
            SlurmctldHost={host}
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            AuthType=auth/none
            CredType=cred/none
            SlurmctldPort={ports[0]}
            SlurmctldPidFile={_folder}/slurmctld.pid
            SlurmdPidFile={_folder}/%n.pid
            SlurmdSpoolDir={_folder}/%n
            StateSaveLocation={_folder}/state
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SchedulerParameters=sched_interval=1
            AccountingStorageType=accounting_storage/none
            JobAcctGatherType=jobacct_gather/none
            MpiDefault=none
            ReturnToService=2
            MinJobAge=3600
            NodeName=node1 NodeHostname={host} Port={ports[1]} CPUs={Environment.ProcessorCount}
            NodeName=node2 NodeHostname={host} Port={ports[2]} CPUs={Environment.ProcessorCount}
            PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """);
        Directory.CreateDirectory(Path.Combine(_folder, "state"));
        Daemon("slurmctld", "-D");
        Daemon("slurmd", "-D", "-N", "node1");
        Daemon("slurmd", "-D", "-N", "node2");
        Wait("the nodes", () => Sinfo("idle").Split(',', '\n').Length >= 2 && Sinfo("idle").Contains("node2", StringComparison.Ordinal));
    }

    private string Submit()
    {
        ProcessStartInfo start = CommandLine.StartInfo(_audit.Folder, "submit", "audit.yaml", "--on", "slurm", "--shards", "6", "--out", "cluster");
        start.Environment["SLURM_CONF"] = Path.Combine(_folder, "slurm.conf");
        start.Environment["AUDITKIT_LAUNCHER"] = Path.Combine(_folder, "auditkit");
        (ExitCode exitCode, string output) = CommandLine.Run(start);
        log.WriteLine(output);
        Assert.Equal(ExitCode.Pass, exitCode);
        return output;
    }

    private static string Merge(string told) => told.Split("then job ")[1].Split(',')[0];

    private string ExitOf(string job)
    {
        string state = "";
        Wait($"job {job}", () =>
        {
            state = Program("scontrol", "show", "job", "--oneliner", job);
            return state.Contains("JobState=COMPLETED", StringComparison.Ordinal) || state.Contains("JobState=FAILED", StringComparison.Ordinal);
        });
        log.WriteLine(Program("squeue", "--all", "--states=all", "--Format=JobArrayID,State,RestartCnt,exit_code,NodeList"));
        return state.Split("ExitCode=")[1].Split(' ')[0];
    }

    private string Sinfo(string state) => Program("sinfo", "--noheader", "--Node", "--states", state, "--format", "%N");

    private void Wait(string what, Func<bool> isDone)
    {
        var clock = Stopwatch.StartNew();
        while (!isDone())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(5), $"waited too long for {what}: {Program("squeue")}{Program("sinfo")}");
            Thread.Sleep(500);
        }
    }

    private string Program(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Path.Combine(_folder, "slurm.conf");
        return CommandLine.Run(start).Output;
    }

    private void Daemon(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name)!, arguments);
        start.Environment["SLURM_CONF"] = Path.Combine(_folder, "slurm.conf");
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _daemons.Add(process);
    }

    // Debian's daemons are not on everybody's PATH.
    private static string? Find(string program)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
