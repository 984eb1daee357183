using System.Collections.Frozen;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Instructions;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>All supported instructions. To add one: a row here, a function that lowers it beside related ones, a test.</summary>
internal static class InstructionTable
{
    private static readonly FrozenDictionary<string, InstructionEntry> s_entries = Build().ToFrozenDictionary();

    /// <summary>The names of all instructions.</summary>
    public static IReadOnlyCollection<string> Names => s_entries.Keys;

    /// <exception cref="PtxException">The instruction is not supported.</exception>
    public static InstructionEntry Find(PtxInstruction instruction) =>
        s_entries.TryGetValue(instruction.Opcode, out InstructionEntry? entry) ? entry : throw instruction.Refuse(Unknown(instruction.Opcode));

    private static string Unknown(string opcode) => opcode switch
    {
        "wgmma" or "tcgen05" => "warp-group matrix products are not supported; use mma.sync.",
        "mapa" or "getctarank" or "clusterlaunchcontrol" => "clusters are not supported.",
        "mbarrier" => "mbarriers are not supported.",
        "wmma" => "the wmma family is not supported; use ldmatrix and mma.sync.",
        "tex" or "tld4" or "txq" or "suld" or "sust" or "sured" or "suq" => "textures and surfaces are not supported.",
        _ => $"instruction '{opcode}' is not supported.",
    };

    private static Dictionary<string, InstructionEntry> Build()
    {
        var table = new Dictionary<string, InstructionEntry>();
        void Add(string names, InstructionLowerer lower, Func<PtxInstruction, InstructionClass> kind)
        {
            foreach (string name in names.Split(' ')) table.Add(name, new InstructionEntry(lower, kind));
        }

        void AddPlain(string names, InstructionLowerer lower, InstructionClass kind) => Add(names, lower, _ => kind);

        Add("add sub", AddSubtract, Arithmetic);
        Add("mul", Multiply, Arithmetic);
        Add("mad", MultiplyAdd, Arithmetic);
        Add("fma", MultiplyAdd, Arithmetic);
        AddPlain("addc subc madc", Carries.Lower, InstructionClass.Integer);
        AddPlain("mul24 mad24", IntegerProducts.Multiply24, InstructionClass.Integer);
        AddPlain("sad", IntegerProducts.SumOfDifferences, InstructionClass.Integer);
        Add("div", Divide, i => i.Type.IsFloat() ? InstructionClass.Special : InstructionClass.Integer);
        AddPlain("rem", IntegerProducts.Divide, InstructionClass.Integer);
        Add("min max", MinMax, Arithmetic);
        Add("abs neg", AbsoluteNegate, Arithmetic);
        AddPlain("copysign", SingleArithmetic.CopySign, InstructionClass.Float32);
        AddPlain("rcp sqrt rsqrt ex2 lg2 sin cos tanh", SpecialUnit.Unary, InstructionClass.Special);
        AddPlain("popc clz brev", BitFields.Count, InstructionClass.Integer);
        AddPlain("bfind", BitFields.FindLeading, InstructionClass.Integer);
        AddPlain("fns", BitFields.FindNth, InstructionClass.Integer);
        AddPlain("bfe", BitFields.Extract, InstructionClass.Integer);
        AddPlain("bfi", BitFields.Insert, InstructionClass.Integer);
        AddPlain("bmsk", BitFields.Mask, InstructionClass.Integer);
        AddPlain("szext", BitFields.Extend, InstructionClass.Integer);
        AddPlain("dp4a dp2a", DotProducts.Lower, InstructionClass.Integer);
        AddPlain("vadd2 vsub2 vavrg2 vabsdiff2 vmin2 vmax2 vadd4 vsub4 vavrg4 vabsdiff4 vmin4 vmax4", Packed.Lower, InstructionClass.Integer);
        Add("and or xor", Logic.Binary, i => i.Type == PtxType.Pred ? InstructionClass.Compare : InstructionClass.Integer);
        Add("not cnot", Logic.Unary, i => i.Type == PtxType.Pred ? InstructionClass.Compare : InstructionClass.Integer);
        AddPlain("lop3", Logic.ThreeInputs, InstructionClass.Integer);
        AddPlain("shl shr", Shifts.Shift, InstructionClass.Integer);
        AddPlain("shf", Shifts.Funnel, InstructionClass.Integer);
        AddPlain("prmt", Permutation.Lower, InstructionClass.Integer);
        AddPlain("setp", Selection.SetPredicate, InstructionClass.Compare);
        AddPlain("set", Selection.Set, InstructionClass.Compare);
        AddPlain("selp", Selection.Select, InstructionClass.Compare);
        AddPlain("slct", Selection.SelectBySign, InstructionClass.Compare);
        AddPlain("testp", Selection.Test, InstructionClass.Compare);
        AddPlain("mov", Moves.Lower, InstructionClass.Move);
        AddPlain("cvt", Conversions.Lower, InstructionClass.Conversion);
        AddPlain("cvta", LoadsAndStores.ConvertAddress, InstructionClass.Move);
        AddPlain("isspacep", LoadsAndStores.IsSpace, InstructionClass.Compare);
        Add("ld ldu", LoadsAndStores.Load, LoadClass);
        Add("st", LoadsAndStores.Store, StoreClass);
        AddPlain("prefetch prefetchu applypriority discard", LoadsAndStores.Nothing, InstructionClass.Other);
        AddPlain("createpolicy", CreatePolicy, InstructionClass.Other);
        AddPlain("atom red", Atomics.Lower, InstructionClass.Atomic);
        AddPlain("shfl", WarpInstructions.Shuffle, InstructionClass.Warp);
        AddPlain("vote", WarpInstructions.Vote, InstructionClass.Warp);
        AddPlain("match", WarpInstructions.Match, InstructionClass.Warp);
        AddPlain("redux", WarpInstructions.Reduce, InstructionClass.Warp);
        AddPlain("elect", WarpInstructions.Elect, InstructionClass.Warp);
        AddPlain("activemask", WarpInstructions.ActiveMask, InstructionClass.Warp);
        AddPlain("bar barrier", Barriers.Barrier, InstructionClass.Barrier);
        AddPlain("membar fence", Barriers.Fence, InstructionClass.Barrier);
        AddPlain("griddepcontrol", Barriers.Dependencies, InstructionClass.Barrier);
        AddPlain("nanosleep", Barriers.Sleep, InstructionClass.Other);
        AddPlain("trap", Barriers.Trap, InstructionClass.Control);
        AddPlain("stacksave stackrestore alloca", Stacks.Lower, InstructionClass.Local);
        AddPlain("brkpt pmevent setmaxnreg", LoadsAndStores.Nothing, InstructionClass.Other);
        AddPlain("cp", AsyncCopy.Lower, InstructionClass.AsyncCopy);
        AddPlain("ldmatrix", Matrices.Load, InstructionClass.MatrixLoad);
        AddPlain("stmatrix", Matrices.Store, InstructionClass.MatrixLoad);
        AddPlain("movmatrix", Matrices.Transpose, InstructionClass.MatrixLoad);
        AddPlain("mma", Matrices.Multiply, InstructionClass.Matrix);
        return table;
    }

    private static InstructionClass Arithmetic(PtxInstruction i) => i.Type switch
    {
        PtxType.F32 or PtxType.F32x2 => InstructionClass.Float32,
        PtxType.F64 => InstructionClass.Float64,
        PtxType.F16 or PtxType.F16x2 or PtxType.BF16 or PtxType.BF16x2 => InstructionClass.Float16,
        _ => InstructionClass.Integer,
    };

    private static void AddSubtract(PtxInstruction i, FunctionLowering context)
    {
        switch (Arithmetic(i))
        {
            case InstructionClass.Float32:
                SingleArithmetic.Binary(i, context);
                break;
            case InstructionClass.Float64:
                DoubleArithmetic.Lower(i, context);
                break;
            case InstructionClass.Float16:
                HalfArithmetic.Binary(i, context);
                break;
            default:
                if (i.Has("cc")) Carries.Lower(i, context);
                else IntegerArithmetic.AddSubtract(i, context);
                break;
        }
    }

    private static void Multiply(PtxInstruction i, FunctionLowering context)
    {
        if (Arithmetic(i) == InstructionClass.Integer) IntegerProducts.Multiply(i, context);
        else AddSubtract(i, context);
    }

    private static void MultiplyAdd(PtxInstruction i, FunctionLowering context)
    {
        switch (Arithmetic(i))
        {
            case InstructionClass.Float32:
                SingleArithmetic.MultiplyAdd(i, context);
                break;
            case InstructionClass.Float64:
                DoubleArithmetic.Lower(i, context);
                break;
            case InstructionClass.Float16:
                HalfArithmetic.MultiplyAdd(i, context);
                break;
            default:
                if (i.Has("cc")) Carries.Lower(i, context);
                else IntegerProducts.MultiplyAdd(i, context);
                break;
        }
    }

    private static void Divide(PtxInstruction i, FunctionLowering context)
    {
        if (i.Type.IsFloat()) SpecialUnit.Divide(i, context);
        else IntegerProducts.Divide(i, context);
    }

    private static void MinMax(PtxInstruction i, FunctionLowering context)
    {
        switch (Arithmetic(i))
        {
            case InstructionClass.Float32:
                SingleArithmetic.MinMax(i, context);
                break;
            case InstructionClass.Float64:
                DoubleArithmetic.Lower(i, context);
                break;
            case InstructionClass.Float16:
                HalfArithmetic.MinMax(i, context);
                break;
            default:
                IntegerArithmetic.MinMax(i, context);
                break;
        }
    }

    private static void AbsoluteNegate(PtxInstruction i, FunctionLowering context)
    {
        switch (Arithmetic(i))
        {
            case InstructionClass.Float32:
                SingleArithmetic.Sign(i, context);
                break;
            case InstructionClass.Float64:
                DoubleArithmetic.Lower(i, context);
                break;
            case InstructionClass.Float16:
                HalfArithmetic.Sign(i, context);
                break;
            default:
                IntegerArithmetic.AbsoluteNegate(i, context);
                break;
        }
    }

    /// <summary>A cache policy is a hint; any value is valid.</summary>
    private static void CreatePolicy(PtxInstruction i, FunctionLowering context)
    {
        int zero = context.Constant(0, 64);
        context.Add(new Execution.Operations.UnaryOperation(Lanes.LaneFunction1.Vector64<Moves.Copy64>(), context.Destination(i, 0, 64), zero));
    }

    private static InstructionClass LoadClass(PtxInstruction i) =>
        i.Has("shared") || i.Has("shared::cta") ? InstructionClass.SharedLoad
        : i.Has("local") ? InstructionClass.Local
        : i.Has("param") || i.Has("const") ? InstructionClass.Constant
        : InstructionClass.GlobalLoad;

    private static InstructionClass StoreClass(PtxInstruction i) =>
        i.Has("shared") || i.Has("shared::cta") ? InstructionClass.SharedStore
        : i.Has("local") ? InstructionClass.Local
        : i.Has("param") ? InstructionClass.Move
        : InstructionClass.GlobalStore;
}
