using AuditKit.Training.Graphs;
using Mono.Cecil;
using TorchSharp;

namespace AuditKit.Training.Tests.Libtorch;

/// <summary>
/// TorchSharp's native half lets exceptions of libtorch's pass through some of its functions, and they end the process.
/// The product calls none of those that can throw, but for the one that <c>MatrixProduct</c> guards.
/// </summary>
public sealed class UnguardedCallsTests
{
    // Read off the sources of TorchSharp 0.107: without a try block, and not too simple to throw.
    private static readonly HashSet<string> s_unguarded =
    [
        "THSAutograd_grad", "THSData_loaderMNIST", "THSData_loaderCIFAR10", "THSJIT_Module_to_device_dtype", "THSJIT_Module_to_device",
        "THSJIT_Module_to_dtype", "THSJIT_Module_num_inputs", "THSJIT_Module_num_outputs", "THSJIT_Module_getInputType",
        "THSNN_Module_to_device", "THSNN_Module_to_dtype", "THSNN_Module_to_device_dtype",
        "THSNN_LBFGS_ctor", "THSStorage_nbytes", "THSStorage_set_nbytes", "THSStorage_data_ptr",
        "THSTensor_cummax", "THSTensor_cummin", "THSTensor_matmul", "THSGenerator_set_rng_state", "THSGenerator_new", "THSTorch_scalar_to_int8",
        "THSTorch_scalar_to_uint8", "THSTorch_scalar_to_int16", "THSTorch_scalar_to_int32", "THSTorch_scalar_to_int64", "THSTorch_scalar_to_float32",
        "THSTorch_scalar_to_float64", "THSTorch_scalar_to_float16", "THSTorch_scalar_to_bfloat16", "THSTorch_scalar_to_complex32",
        "THSTorch_scalar_to_complex64", "THSTorch_scalar_to_bool", "THSTorch_set_num_interop_threads",
    ];

    [Fact]
    public void Nothing_of_the_product_reaches_a_native_function_whose_exceptions_end_the_process()
    {
        using var torchSharp = AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        using var product = AssemblyDefinition.ReadAssembly(typeof(GraphModule).Assembly.Location);
        Dictionary<string, MethodDefinition> methods = torchSharp.MainModule.GetTypes().SelectMany(type => type.Methods)
            .GroupBy(method => method.FullName).ToDictionary(group => group.Key, group => group.First());
        Assert.All(s_unguarded, name => Assert.Contains(methods.Values, method => method.Name == name));

        string[] found =
        [
            .. from caller in product.MainModule.GetTypes().SelectMany(type => type.Methods)
               from called in Called(caller, methods)
               from native in Natives(called, methods)
               where s_unguarded.Contains(native)
               select $"{caller.DeclaringType.Name}.{caller.Name} → {called.DeclaringType.Name}.{called.Name} → {native}",
        ];

        Assert.Equal(
            ["MatrixProduct.Of → Tensor.matmul → THSTensor_matmul", "OwnGenerator.Of → Generator..ctor → THSGenerator_new"], found.Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<MethodDefinition> Called(MethodDefinition caller, Dictionary<string, MethodDefinition> methods) =>
        !caller.HasBody ? []
            : caller.Body.Instructions.Select(step => step.Operand).OfType<MethodReference>()
                .Select(called => methods.GetValueOrDefault((called as GenericInstanceMethod)?.ElementMethod.FullName ?? called.FullName))
                .OfType<MethodDefinition>();

    // Every native function that a method of TorchSharp's calls, directly or through others.
    private static HashSet<string> Natives(MethodDefinition start, Dictionary<string, MethodDefinition> methods)
    {
        var seen = new HashSet<MethodDefinition>();
        var natives = new HashSet<string>();
        var open = new Stack<MethodDefinition>([start]);
        while (open.TryPop(out MethodDefinition? method))
        {
            if (!seen.Add(method))
            {
                continue;
            }

            if (method.IsPInvokeImpl)
            {
                natives.Add(method.Name);
            }

            foreach (MethodDefinition called in Called(method, methods))
            {
                open.Push(called);
            }
        }

        return natives;
    }
}
