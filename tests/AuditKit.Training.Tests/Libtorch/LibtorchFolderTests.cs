using AuditKit.Training.Libtorch;

namespace AuditKit.Training.Tests.Libtorch;

[Collection(nameof(Alone))]
public sealed class LibtorchFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-libtorch").FullName;
    private readonly Dictionary<string, string?> _before = new[] { LibtorchFolder.Variable, "XDG_DATA_HOME", "NUGET_PACKAGES", "RestoreSources" }
        .ToDictionary(name => name, Environment.GetEnvironmentVariable);

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_folder_of_the_user_s_is_taken_if_it_holds_libtorch_and_else_the_first_missing_library_is_named()
    {
        Environment.SetEnvironmentVariable(LibtorchFolder.Variable, _folder);
        string first = Refused();
        Assert.Contains(LibtorchFolder.Variable, first);
        Assert.Contains("c10", first);

        foreach (string library in new[] { "c10", "torch_cpu", "torch" })
        {
            File.WriteAllText(Path.Combine(_folder, $"lib{library}.so"), "");
            File.WriteAllText(Path.Combine(_folder, $"lib{library}.dylib"), "");
            File.WriteAllText(Path.Combine(_folder, $"{library}.dll"), "");
        }

        Assert.Equal(_folder, LibtorchFolder.Find());
        Assert.True(LibtorchFolder.IsThere);
    }

    [Fact]
    public void Where_it_cannot_be_fetched_the_error_says_what_to_do_and_nothing_is_left_behind()
    {
        Environment.SetEnvironmentVariable(LibtorchFolder.Variable, null);
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", _folder);
        Environment.SetEnvironmentVariable("NUGET_PACKAGES", Path.Combine(_folder, "packages"));
        Environment.SetEnvironmentVariable("RestoreSources", _folder);
        Assert.SkipUnless(LibtorchFolder.Own.StartsWith(_folder, StringComparison.Ordinal), "XDG_DATA_HOME is Linux's");
        Assert.False(LibtorchFolder.IsThere);
        var announced = new List<string>();
        Action<string> before = LibtorchFolder.Announce;
        LibtorchFolder.Announce = announced.Add;

        string error = Refused();

        LibtorchFolder.Announce = before;
        Assert.Contains("auditkit setup", error);
        Assert.Contains("error NU", error);
        Assert.Contains(LibtorchFolder.Variable, error);
        Assert.Contains("130 MB", Assert.Single(announced));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "auditkit"), "*", SearchOption.AllDirectories));
    }

    private static string Refused()
    {
        AuditException error = Assert.Throws<AuditException>(LibtorchFolder.Find);
        Assert.Equal(ExitCode.Error, error.ExitCode);
        return error.Message;
    }
}
