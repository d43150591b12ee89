using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace KeepAlive;

/// <summary>
/// Gives every method of an assembly that calls native code the <see cref="GC.KeepAlive"/> that its author left out.
/// </summary>
/// <remarks>
/// TorchSharp 0.107 takes the handle out of a tensor or scalar and calls libtorch with the handle alone. To the garbage
/// collector the object is dead from then on; where it runs during the call, the finaliser frees what libtorch is
/// still reading. A scalar that was made from a number, as in <c>tensor + 1</c>, has no other owner at all.
/// </remarks>
public static class NativeCallLifetimes
{
    /// <summary>Rewrites an assembly.</summary>
    /// <param name="original">The assembly's file.</param>
    /// <param name="rewritten">The file to write.</param>
    public static void Rewrite(string original, string rewritten)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(original);
        MethodReference keepAlive = KeepAliveIn(assembly.MainModule);
        int methods = 0;
        foreach (MethodDefinition method in assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(CallsNativeCode))
        {
            Extend(method, keepAlive);
            methods++;
        }

        if (methods == 0)
        {
            throw new InvalidOperationException($"{original} calls no native code: it is not the assembly that this was written for.");
        }

        assembly.Write(rewritten);
    }

    // Named through the core library that the assembly was compiled against, not the one that this program runs on.
    private static MethodReference KeepAliveIn(ModuleDefinition module)
    {
        var collector = new TypeReference(nameof(System), nameof(GC), module, module.TypeSystem.CoreLibrary);
        return new MethodReference(nameof(GC.KeepAlive), module.TypeSystem.Void, collector)
        {
            Parameters = { new ParameterDefinition(module.TypeSystem.Object) },
        };
    }

    private static bool CallsNativeCode(MethodDefinition method) => method.HasBody
        && method.Body.Instructions.Any(step => step.Operand is MethodDefinition { IsPInvokeImpl: true });

    // What is kept: the object itself, its arguments, and whatever else a handle is taken out of on the way.
    private static void Extend(MethodDefinition method, MethodReference keepAlive)
    {
        MethodBody body = method.Body;
        body.SimplifyMacros();
        ILProcessor il = body.GetILProcessor();
        List<VariableDefinition> owners = RememberOwners(body, il);
        ParameterDefinition[] arguments =
        [
            .. method.HasThis && !method.DeclaringType.IsValueType ? new[] { body.ThisParameter } : [],
            .. method.Parameters.Where(parameter => IsObject(parameter.ParameterType)),
        ];
        foreach (Instruction end in body.Instructions.Where(step => step.OpCode == OpCodes.Ret).ToList())
        {
            // Branches lead to this very instruction: it becomes the first of what is put before the return.
            Instruction last = end;
            end.OpCode = OpCodes.Nop;
            foreach (Instruction load in arguments.Select(argument => il.Create(OpCodes.Ldarg, argument))
                .Concat(owners.Select(owner => il.Create(OpCodes.Ldloc, owner))))
            {
                Append(load);
                Append(il.Create(OpCodes.Call, keepAlive));
            }

            Append(il.Create(OpCodes.Ret));

            void Append(Instruction step)
            {
                il.InsertAfter(last, step);
                last = step;
            }
        }

        body.OptimizeMacros();
    }

    // x.Handle becomes (owner = x).Handle. The variables start as null, for the paths that do not come past here.
    private static List<VariableDefinition> RememberOwners(MethodBody body, ILProcessor il)
    {
        var owners = new List<VariableDefinition>();
        foreach (Instruction step in body.Instructions.ToList())
        {
            if (step.Operand is MethodReference { Name: "get_Handle", HasThis: true, DeclaringType.IsValueType: false } getter
                && IsObject(getter.DeclaringType))
            {
                var owner = new VariableDefinition(getter.DeclaringType);
                owners.Add(owner);
                body.Variables.Add(owner);

                // Branches to the call go to what is put before it.
                il.InsertAfter(step, il.Create(step.OpCode, getter));
                il.InsertAfter(step, il.Create(OpCodes.Stloc, owner));
                (step.OpCode, step.Operand) = (OpCodes.Dup, null);
            }
        }

        body.InitLocals |= owners.Count > 0;
        return owners;
    }

    private static bool IsObject(TypeReference type) => type is { IsByReference: false, IsPointer: false, IsGenericParameter: false, IsValueType: false };
}
