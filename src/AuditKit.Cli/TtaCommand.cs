using System.CommandLine;
using AuditKit.Checks.Tta;
using AuditKit.Models;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli;

/// <summary><c>auditkit tta search SPEC</c>: learns a policy of test-time augmentation.</summary>
internal static class TtaCommand
{
    private static readonly Dictionary<string, PolicyCriterion> Criteria = Enum.GetValues<PolicyCriterion>().ToDictionary(PolicySearch.Name);

    public static Command Create() => new("tta", "Test-time augmentation: searches the policies that the check 'tta' and deployments read.") { Search() };

    private static Command Search()
    {
        var spec = new Argument<string>("spec")
        {
            Description = "A spec whose model and data are used. Give it images that the model was not trained on and that no audit "
            + "judges: a part of the test set (--set data.skip=5000) where the audit has the other (data.limit: 5000)."
        };
        var output = new Option<string>("--out")
        {
            Description = "The policy file to write. Prediction sets are kept beside it in "
            + "FILE.search, and an interrupted search goes on from there.",
            HelpName = "FILE",
            Required = true
        };
        var length = Values.Number("--length", "Sub-policies of the policy, each one model call.", least: 1, most: 100, otherwise: 20);
        var pool = Values.Number(
            "--pool",
            "Sub-policies to choose from up to magnitude 20, as many up to 45, and a fifth of it crop and flip; the published pool is 500.",
            least: 1,
            most: 5000,
            otherwise: 500);
        var criterion = new Option<string>("--criterion")
        {
            Description = "What is made large: calibrated-log-likelihood, or accuracy, which is known to find worse policies.",
            DefaultValueFactory = _ => PolicySearch.Name(PolicyCriterion.CalibratedLogLikelihood),
        };
        criterion.AcceptOnlyFromAmong([.. Criteria.Keys]);
        var command = new Command("search", "Greedy policy search (GPS): chooses the augmentations whose averaged predictions are best on validation data.")
        {
            spec, SharedOptions.Set, output, length, pool, criterion, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult((int)Run(
            AuditSpec.Load(parsed.GetRequiredValue(spec), parsed.GetRequiredValue(SharedOptions.Set)),
            parsed.GetRequiredValue(output),
            parsed.GetRequiredValue(length),
            parsed.GetRequiredValue(pool),
            Criteria[parsed.GetRequiredValue(criterion)],
            parsed.GetRequiredValue(SharedOptions.Device),
            parsed.GetRequiredValue(SharedOptions.Threads),
            cancellation)));
        return command;
    }

    private static ExitCode Run(
        AuditSpec spec, string output, int length, int pool, PolicyCriterion criterion, string device, int threads, CancellationToken cancellation)
    {
        if (Directory.Exists(output))
        {
            throw new AuditException($"--out: {output} is a folder. Name the policy's file, such as {Path.Combine(output, "policy.json")}.");
        }

        var models = new ModelFiles(Device.Parse(device), threads);
        var options = new AuditOptions { Folder = output + ".search", Threads = threads };
        IReadOnlyList<SubPolicy> candidates = SubPolicy.Pool(spec.Seed, pool, pool, Math.Max(1, pool / 5));
        FoundPolicy found = ProgressDisplay.Show(progress => PolicySearch.Run(spec, models, options, candidates, length, criterion, progress, cancellation));
        found.Policy.Write(output);
        foreach ((int i, SubPolicy subPolicy) in found.Policy.SubPolicies.Index())
        {
            Console.WriteLine($"{i + 1,3}  {NumberText.Fixed(found.Scores[i], 5)}  {subPolicy}");
        }

        Console.WriteLine($"{PolicySearch.Name(criterion)} above, on the images of the search{Fitted(criterion)}; without augmentation, by the same "
            + $"measure: {NumberText.Fixed(found.Without, 5)}");
        Console.WriteLine($"Policy:  {output}");
        return ExitCode.Pass;

        static string Fitted(PolicyCriterion criterion) => criterion == PolicyCriterion.Accuracy ? "" : ", which the temperature is fitted to, too";
    }
}
