using System.Diagnostics;
using AuditKit.Reports;
using AuditKit.Reports.Tests;
using AuditKit.Results;

namespace AuditKit.Benchmarks;

/// <summary>
/// Seconds that each format of the report takes, for the tests' sample and for one of four times its sections. The PDF's
/// include the start of the typesetter's process.
/// </summary>
internal static class Reports
{
    private const int Rounds = 7;

    public static void Run(string[] arguments)
    {
        Console.WriteLine($"{"result",-10}{"file",-14}{"kB",8}{"best s",10}{"median s",10}");
        foreach ((string name, AuditResult result) in ((string, AuditResult)[])[("sample", SampleResult.Create()), ("large", SampleResult.Large())])
        {
            foreach (IReport report in ReportFolder.Formats)
            {
                var bytes = new MemoryStream();
                double[] seconds = new double[Rounds];
                for (int round = 0; round < Rounds; round++)
                {
                    bytes.SetLength(0);
                    long started = Stopwatch.GetTimestamp();
                    report.Write(result, bytes);
                    seconds[round] = Stopwatch.GetElapsedTime(started).TotalSeconds;
                }

                Array.Sort(seconds);
                Console.WriteLine($"{name,-10}{report.FileName,-14}{bytes.Length / 1e3,8:F0}{seconds[0],10:F3}{seconds[Rounds / 2],10:F3}");
            }
        }
    }
}
