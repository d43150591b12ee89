using System.Reflection;
using System.Text.RegularExpressions;
using AuditKit.Tests;

namespace TorchSharp.Tests;

/// <summary>Every public member of the subset against the signatures of TorchSharp 0.107.</summary>
public sealed class SignatureTests
{
    /// <summary>
    /// Public types that the list of real signatures does not describe, and what they were held against.
    /// </summary>
    private static readonly Dictionary<string, string> Unlisted = new()
    {
        ["TorchSharp.ScalarExtensionMethods"] = "the list has no extension methods",
        ["TorchSharp.Utils.TensorAccessor"] = "the list names it as a result only",
        ["TorchSharp.PaddingModes"] = "the list has two enumerations only",
        ["TorchSharp.compute_mode"] = "the list has two enumerations only",
        ["TorchSharp.torch.RoundingMode"] = "the list has two enumerations only",
        ["TorchSharp.torch.InterpolationMode"] = "the list has two enumerations only",
        ["TorchSharp.torch.GridSampleMode"] = "the list has two enumerations only",
        ["TorchSharp.torch.GridSamplePaddingMode"] = "the list has two enumerations only",
        ["TorchSharp.torch.linalg.QRMode"] = "the list has two enumerations only",
        ["TorchSharp.torch.nn.Reduction"] = "the list has two enumerations only",
        ["TorchSharp.torch.nn.init.NonlinearityType"] = "the list has two enumerations only",
        ["TorchSharp.torch.nn.init.FanInOut"] = "the list has two enumerations only",
        ["TorchSharp.torch.jit.ScriptModule`2"] = "the list has the module without type parameters only",
        ["TorchSharp.torch.optim.ILearningRateController"] = "the list names it as a result only",
        ["TorchSharp.torch.optim.IMomentum"] = "the list has no interfaces",
        ["TorchSharp.torch.optim.IBetas"] = "the list has no interfaces",
        ["TorchSharp.Modules.ParamGroup"] = "the list names it as a parameter only",
        ["TorchSharp.Modules.OptimizerHelper"] = "the list has the optimisers' base class only",
        ["TorchSharp.Modules.SGD"] = "the list has the optimisers' base class only",
        ["TorchSharp.Modules.SGD.ParamGroup"] = "the list has the optimisers' base class only",
        ["TorchSharp.Modules.Adam"] = "the list has the optimisers' base class only",
        ["TorchSharp.Modules.Adam.ParamGroup"] = "the list has the optimisers' base class only",
        ["TorchSharp.Modules.AdamW"] = "the list has the optimisers' base class only",
    };

    [Fact]
    public void Every_public_member_has_a_signature_of_the_real_package()
    {
        Dictionary<string, HashSet<string>> real = Read(Repository.Shared("docs/torchsharp-api.txt"));
        List<string> unknown = [];
        foreach (Type type in typeof(torch).Assembly.GetExportedTypes())
        {
            string name = FullName(type);
            if (Unlisted.ContainsKey(name))
            {
                continue;
            }

            if (!real.TryGetValue(name, out HashSet<string>? members))
            {
                unknown.Add($"type {name}");
                continue;
            }

            unknown.AddRange(Members(type)
                .Where(member => !members.Contains(member) && !members.Contains(member.Replace("{ get; }", "{ get; set; }")))
                .Select(member => $"{name}: {member}"));
        }

        Assert.True(unknown.Count == 0, $"{unknown.Count} not in the real package:\n{string.Join('\n', unknown)}");
    }

    [Fact]
    public void Every_exception_is_still_needed()
    {
        HashSet<string> types = [.. typeof(torch).Assembly.GetExportedTypes().Select(FullName)];
        Assert.Empty(Unlisted.Keys.Where(name => !types.Contains(name)));
    }

    private static Dictionary<string, HashSet<string>> Read(string path)
    {
        Dictionary<string, HashSet<string>> sections = [];
        HashSet<string> current = [];
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                current = sections[line[2..].Split(" : ")[0]] = [];
            }
            else if (line.Length > 0)
            {
                current.UnionWith(line.Contains('(') || line.Contains('{') ? [line] : line.Split(", "));
            }
        }

        return sections;
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Public =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
        {
            return Enum.GetNames(type);
        }

        // The list has no fields.
        return type.GetConstructors(Public).Select(c => $"new({Parameters(c.GetParameters())})")
            .Concat(type.GetProperties(Public).Select(Property))
            .Concat(type.GetMethods(Public).Where(m => !Accessor(m) && !Overrides(m)).Select(Method));
    }

    private static bool Accessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // Held against the type that declares it first.
    private static bool Overrides(MethodInfo method) =>
        method.GetBaseDefinition() is { } first && first != method && first.Module == method.Module;

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod
            ? $"<{string.Join(',', method.GetGenericArguments().Select(t => t.Name))}>" : "";
        string prefix = method.IsStatic ? "static " : "";
        return $"{prefix}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method.GetParameters())})";
    }

    private static string Property(PropertyInfo property)
    {
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{Parameters(parameters)}]" : "";
        string set = property.SetMethod is { IsPublic: true } ? " set;" : "";
        return $"{Name(property.PropertyType)} {property.Name}{index} {{ get;{set} }}";
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + Name(parameter.ParameterType) + " " + parameter.Name
        + (parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")));

    private static string Default(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        return parameter.DefaultValue switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            bool value => value ? "true" : "false",
            string value => $"\"{value}\"",
            { } value when type.IsEnum => Enum.ToObject(type, value).ToString()!,
            { } value => value.ToString()!,
        };
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            // The list writes arrays of any rank alike.
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (type.IsGenericType)
        {
            string arguments = string.Join(',', type.GetGenericArguments().Select(Name));
            return type.Name.StartsWith("ValueTuple", StringComparison.Ordinal)
                ? $"({arguments})" : $"{type.Name.Split('`')[0]}<{arguments}>";
        }

        return type.IsEnum || type.IsGenericParameter ? type.Name : Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "byte",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.Single => "float",
            TypeCode.Double => "double",
            TypeCode.String => "string",
            _ => type == typeof(void) ? "void" : type == typeof(object) ? "object" : type.Name,
        };
    }

    // The accessor's one type parameter is left out: there is no other type of its name.
    private static string FullName(Type type) =>
        Regex.Replace(type.FullName!.Replace('+', '.'), "Accessor`1$", "Accessor");
}
