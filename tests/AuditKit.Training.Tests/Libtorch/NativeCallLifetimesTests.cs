using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace AuditKit.Training.Tests.Libtorch;

/// <summary>
/// What TorchSharp hands to libtorch outlives the call. In the package's own assembly hundreds of methods do not see to it, and a long run dies of
/// that once in many hours: too seldom for a test that waits for it, so every method is read instead.
/// </summary>
public sealed class NativeCallLifetimesTests
{
    [Fact]
    public void Every_method_that_calls_native_code_keeps_what_it_takes_handles_from_until_it_returns()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        MethodDefinition[] callers =
        [
            .. assembly.MainModule.GetTypes().SelectMany(type => type.Methods)
                .Where(method => method.HasBody && method.Body.Instructions.Any(step => step.Operand is MethodDefinition { IsPInvokeImpl: true })),
        ];

        Assert.True(callers.Length > 700, $"{callers.Length} methods");
        Assert.Empty(callers.Where(method => !method.Body.Instructions.Where(step => step.OpCode == OpCodes.Ret)
            .All(end => Owners(method).IsSubsetOf(KeptBefore(end, method)))));
    }

    // The method's own object, the objects among its arguments, and every other object whose handle is read on the way.
    private static HashSet<object> Owners(MethodDefinition method) =>
    [
        .. method.HasThis && !method.DeclaringType.IsValueType ? new object[] { method.Body.ThisParameter } : [],
        .. method.Parameters.Where(parameter => parameter.ParameterType.MetadataType == MetadataType.Class),
        .. method.Body.Instructions
            .Where(step => step.Operand is MethodReference { Name: "get_Handle", HasThis: true, DeclaringType.IsValueType: false })
            .Select(step => Variable(step.Previous, method) ?? $"what {step} is called on"),
    ];

    private static HashSet<object> KeptBefore(Instruction end, MethodDefinition method)
    {
        var kept = new HashSet<object>();
        for (Instruction step = end.Previous; step is { Operand: MethodReference { Name: nameof(GC.KeepAlive) } }; step = step.Previous.Previous)
        {
            kept.Add(Variable(step.Previous, method)!);
        }

        return kept;
    }

    // Which argument or local variable an instruction loads or stores; null where it does neither.
    private static object? Variable(Instruction step, MethodDefinition method)
    {
        ParameterDefinition[] arguments = [.. method.HasThis ? new[] { method.Body.ThisParameter } : [], .. method.Parameters];
        return step.OpCode.Code switch
        {
            Code.Ldarg_0 => arguments[0],
            Code.Ldarg_1 => arguments[1],
            Code.Ldarg_2 => arguments[2],
            Code.Ldarg_3 => arguments[3],
            Code.Ldloc_0 or Code.Stloc_0 => method.Body.Variables[0],
            Code.Ldloc_1 or Code.Stloc_1 => method.Body.Variables[1],
            Code.Ldloc_2 or Code.Stloc_2 => method.Body.Variables[2],
            Code.Ldloc_3 or Code.Stloc_3 => method.Body.Variables[3],
            Code.Ldarg or Code.Ldarg_S or Code.Ldloc or Code.Ldloc_S or Code.Stloc or Code.Stloc_S => step.Operand,
            _ => null,
        };
    }
}
