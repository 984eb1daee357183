using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>call: the target, and the .param blocks copied to it and back.</summary>
internal static class CallLowering
{
    public static CallPlan Plan(PtxInstruction i, FunctionLowering context)
    {
        IReadOnlyList<PtxOperand> operands = i.Operands;
        int at = 0;
        IReadOnlyList<PtxOperand> results = operands.Count > 0 && operands[0] is PtxOperand.List first ? first.Elements : [];
        if (operands.Count > 0 && operands[0] is PtxOperand.List) at++;
        PtxOperand target = FunctionLowering.At(i, at++);
        IReadOnlyList<PtxOperand> arguments = at < operands.Count && operands[at] is PtxOperand.List list ? list.Elements : [];
        bool isDirect = target is PtxOperand.Symbol symbol && context.Module.Functions.ContainsKey(symbol.Name);
        if (!isDirect && target is not PtxOperand.Register) throw i.Refuse($"'{target}' is not a function.");
        return new CallPlan
        {
            Source = i,
            Function = isDirect ? ((PtxOperand.Symbol)target).Name : null,
            Handle = isDirect ? -1 : context.Source(i, target, PtxType.B64),
            Arguments = [.. arguments.Select(argument => Place(i, context, argument))],
            Results = [.. results.Select(result => Place(i, context, result))],
        };
    }

    private static ParameterPlace Place(PtxInstruction i, FunctionLowering context, PtxOperand operand)
    {
        if (operand is PtxOperand.Symbol symbol && symbol.Scope.FindVariable(symbol.Name) is { } variable
            && context.FindParameter(variable) is { } place) return place;
        throw i.Refuse($"'{operand}' is not a .param variable; arguments in registers are not supported.");
    }
}
