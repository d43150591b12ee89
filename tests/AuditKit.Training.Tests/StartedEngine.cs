using System.Runtime.CompilerServices;
using AuditKit.Training.Libtorch;
using AuditKit.Training.Tests.Libtorch;

namespace AuditKit.Training.Tests;

/// <summary>The tests use TorchSharp directly, too, before anything of the product has started libtorch.</summary>
internal static class StartedEngine
{
    [ModuleInitializer]
    internal static void Start()
    {
        LibtorchEngine.Start();
        ProcessEndTests.RunIfChild();
    }
}
