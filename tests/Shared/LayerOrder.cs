using System.Reflection;
using System.Text.RegularExpressions;
using NetArchTest.Rules;
using TestResult = NetArchTest.Rules.TestResult;

namespace AuditKit.Tests;

/// <summary>The order of a project's layers: each uses itself and those before it. And folders that are named as namespaces.</summary>
internal static class LayerOrder
{
    /// <summary>The types that use one of a later layer, or of another namespace of their own layer.</summary>
    /// <param name="assembly">The project's assembly.</param>
    /// <param name="layers">
    /// The namespaces of each layer, the lowest layer first; namespaces of one layer must not use each other. A namespace
    /// that is not listed belongs to the longest listed one that it lies in.
    /// </param>
    /// <returns>One line a type: its name and the first use that was found; and one for each namespace that is in no layer.</returns>
    public static IReadOnlyList<string> Violations(Assembly assembly, params string[][] layers)
    {
        string[] listed = [.. layers.SelectMany(layer => layer)];
        ILookup<string, Type> types = assembly.GetTypes()
            .Where(type => IsWithin(type.Namespace, assembly.GetName().Name!))
            .ToLookup(type => listed.Where(name => IsWithin(type.Namespace, name)).MaxBy(name => name.Length) ?? "");
        List<string> violations = [.. types[""].Select(type => $"{type.Namespace} belongs to no layer").Distinct()];
        foreach ((int i, string[] layer) in layers.Index())
        {
            foreach (string own in layer)
            {
                string namespaces = string.Join('|', types[own].Select(type => Regex.Escape(type.Namespace!)).Distinct());
                // NetArchTest names a nested type by its namespace and its own name.
                string[] forbidden =
                [
                    .. layers[i..].SelectMany(later => later).Where(name => name != own).SelectMany(name => types[name])
                        .Select(type => $"{type.Namespace}.{type.Name}"),
                ];
                TestResult result = Types.InAssembly(assembly).That().ResideInNamespaceMatching($"^({namespaces})$")
                    .Should().NotHaveDependencyOnAny(forbidden).GetResult();
                violations.AddRange(result.FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}"));
            }
        }

        return violations;
    }

    /// <summary>The source files whose namespace is not their folder's, which is the project's name and the folders below it.</summary>
    /// <param name="project">The project's folder below the repository's root, such as <c>src/AuditKit</c>.</param>
    /// <returns>One line a file.</returns>
    public static IReadOnlyList<string> Misplaced(string project)
    {
        string root = Path.Combine(Repository.Root, project);
        return
        [
            .. from file in Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(root, file)
               where !path.StartsWith("obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                  && !path.StartsWith("bin" + Path.DirectorySeparatorChar, StringComparison.Ordinal)
               let declared = Regex.Match(File.ReadAllText(file), @"^namespace ([\w.]+)", RegexOptions.Multiline)
               let expected = Path.Combine(Path.GetFileName(root), Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.').TrimEnd('.')
               where declared.Success && declared.Groups[1].Value != expected
               select $"{path}: {declared.Groups[1].Value} instead of {expected}",
        ];
    }

    private static bool IsWithin(string? inner, string outer) => $"{inner}.".StartsWith($"{outer}.", StringComparison.Ordinal);
}
