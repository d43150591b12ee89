using AuditKit.Benchmarks;

// One benchmark a file; adding one is adding its line here.
var benchmarks = new SortedDictionary<string, (string Measures, Action<string[]> Run)>
{
    ["corruptions"] = ("images per second through each corruption, at 32 and 224 pixels", Corruptions.Run),
    ["corruption-sweep"] = ("ResNet-20 under 15 corruptions at five severities, against a bare forward", CorruptionSweep.Run),
    ["jpeg"] = ("JPEG without a file against libjpeg-turbo's encoder and decoder, at 28, 32 and 224 pixels", JpegRoundTrips.Run),
    ["perturbations"] = ("images per second and core through each perturbation, at 32 and 224 pixels", Perturbations.Run),
    ["simba"] = ("SimBA on ResNet-20: seconds an attacked image, against a bare forward", SimBa.Run),
    ["processes"] = ("an audit of 60,000 images as processes of one machine against one process: [processes] [rounds] [AuditKit.Cli.dll]", Processes.Run),
    ["shards"] = ("what dividing an audit costs: [images] [shards] [AuditKit.Cli.dll]", Shards.Run),
    ["stability"] = ("ResNet-20 under JPEG, crop and thumbnail, against a bare forward", Stability.Run),
    ["method-step"] = ("a training step of each method against plain ERM: [architecture] [batch] [methods]", MethodStep.Run),
    ["training-step"] = ("a training step of the ResNet-8, or of another network, against Python on the libtorch that it has", TrainingStep.Run),
    ["fine-tuning"] = ("a training step of ResNet-18 at 96 pixels against TorchSharp's own modules", FineTuning.Run),
    ["policy-search"] = ("the greedy search of GPS over 1,101 sub-policies, once the predictions are there", PolicySearch.Run),
    ["precision"] = ("a training step in bfloat16 against one in float32", Precision.Run),
    ["reports"] = ("seconds that each format of the report takes", Reports.Run),
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
{
    benchmark.Run(args[1..]);
    return 0;
}

Console.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- NAME [ARGUMENTS]");
foreach ((string name, (string measures, _)) in benchmarks)
{
    Console.WriteLine($"  {name,-16}{measures}");
}

return args.Length == 0 ? 0 : 2;
