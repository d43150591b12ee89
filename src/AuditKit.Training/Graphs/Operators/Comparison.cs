using TorchSharp;
using static AuditKit.Training.Graphs.Operators.Arithmetic;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Comparison, logic, and choice by truth value.</summary>
internal static class Comparison
{
    public static void Register(OperatorTable table)
    {
        table.Add("Equal", c => Pair(c, (a, b) => a.eq(b)));
        table.Add("Greater", c => Pair(c, (a, b) => a.gt(b)));
        table.Add("GreaterOrEqual", c => Pair(c, (a, b) => a.ge(b)));
        table.Add("Less", c => Pair(c, (a, b) => a.lt(b)));
        table.Add("LessOrEqual", c => Pair(c, (a, b) => a.le(b)));
        table.Add("And", c => Pair(c, (a, b) => a.logical_and(b)));
        table.Add("Or", c => Pair(c, (a, b) => a.logical_or(b)));
        table.Add("Xor", c => Pair(c, (a, b) => a.logical_xor(b)));
        table.Add("Not", c => c.X.logical_not());
        table.Add("IsNaN", c => c.X.isnan());
        table.Add("IsInf", c => c.X.eq(double.PositiveInfinity).mul(c.Flag("detect_positive", true))
            .logical_or(c.X.eq(double.NegativeInfinity).mul(c.Flag("detect_negative", true))));
        table.Add("Where", c =>
        {
            torch.Device device = c.Input(1).device;
            return torch.where(c.X.to(device), c.Input(1), c.Input(2).to(device));
        });
    }
}
