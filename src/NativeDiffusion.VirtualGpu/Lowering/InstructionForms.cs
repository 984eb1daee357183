using System.Collections.Frozen;
using NativeDiffusion.VirtualGpu.Analysis;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>
/// The forms of all instructions: operands, modifiers, types. What is not listed is rejected, so that nothing is silently ignored. Modifiers
/// that are rejected with a message of their own (clusters and similar) are listed, too.
/// </summary>
internal static class InstructionForms
{
    private static readonly Dictionary<string, string> s_lists = new()
    {
        ["INTEGERS"] = "u16 s16 u32 s32 u64 s64",
        ["WIDE"] = "u32 s32 u64 s64",
        ["BITS"] = "b16 b32 b64",
        ["FLOATS"] = "f32 f64",
        ["HALVES"] = "f16 f16x2 bf16 bf16x2",
        ["ROUNDING"] = "rn rz rm rp",
        ["COMPARISONS"] = "eq ne lt le gt ge lo ls hi hs equ neu ltu leu gtu geu num nan",
        ["SPACES"] = "global shared shared::cta shared::cluster local const param param::entry param::func",
        ["SCOPES"] = "cta cluster gpu sys",
        ["HINTS"] = "L1::* L2::*",
        ["MEMORY"] = "b8 b16 b32 b64 b128 u8 u16 u32 u64 s8 s16 s32 s64 f16 f16x2 bf16 bf16x2 f32 f64",
        ["SMALL"] = "u8 s8 e4m3 e5m2 e4m3x2 e5m2x2 tf32",
    };

    private static readonly FrozenDictionary<string, InstructionForm> s_forms = Build(
        ("add sub", "3|ROUNDING ftz sat cc|INTEGERS u16x2 s16x2 FLOATS HALVES f32x2"),
        ("mul", "3|lo hi wide ROUNDING ftz sat|INTEGERS FLOATS HALVES f32x2"),
        ("mad", "4|lo hi wide cc sat ROUNDING ftz|INTEGERS FLOATS"),
        ("fma", "4|ROUNDING ftz sat relu oob|FLOATS HALVES f32x2"),
        ("addc subc", "3|cc|WIDE"),
        ("madc", "4|lo hi cc|WIDE"),
        ("mul24", "3|lo hi|u32 s32"),
        ("mad24", "4|lo hi|u32 s32"),
        ("sad", "4||INTEGERS"),
        ("div", "3|ROUNDING approx full ftz|INTEGERS FLOATS"),
        ("rem", "3||INTEGERS"),
        ("min max", "3-4|ftz NaN xorsign abs relu|INTEGERS u16x2 s16x2 FLOATS HALVES"),
        ("abs neg", "2|ftz|s16 s32 s64 FLOATS HALVES"),
        ("copysign", "3||FLOATS"),
        ("rcp sqrt", "2|ROUNDING approx ftz|FLOATS"),
        ("rsqrt", "2|approx ftz|FLOATS"),
        ("ex2 tanh", "2|approx ftz|f32 HALVES"),
        ("lg2 sin cos", "2|approx ftz|f32"),
        ("popc clz brev", "2||b32 b64"),
        ("bfind", "2|shiftamt|WIDE"),
        ("fns", "4||b32"),
        ("bfe", "4||WIDE"),
        ("bfi", "5||b32 b64"),
        ("bmsk", "3|clamp wrap|b32"),
        ("szext", "3|clamp wrap|u32 s32"),
        ("dp4a", "4||2 u32 s32"),
        ("dp2a", "4|lo hi|2 u32 s32"),
        ("vadd2 vsub2 vavrg2 vabsdiff2 vmin2 vmax2 vadd4 vsub4 vavrg4 vabsdiff4 vmin4 vmax4", "4|sat add|2 u32 s32"),
        ("and or xor", "3||BITS pred"),
        ("not", "2||BITS pred"),
        ("cnot", "2||BITS"),
        ("lop3", "5-6|and or|b32"),
        ("shl", "3||BITS"),
        ("shr", "3||BITS INTEGERS"),
        ("shf", "4|l r wrap clamp|b32"),
        ("prmt", "4|f4e b4e rc8 ecl ecr rc16|b32"),
        ("setp", "3-4|COMPARISONS and or xor ftz|BITS INTEGERS FLOATS HALVES"),
        ("set", "3-4|COMPARISONS and or xor ftz|2 BITS INTEGERS FLOATS HALVES"),
        ("selp", "4||BITS INTEGERS FLOATS"),
        ("slct", "4|ftz|2 BITS INTEGERS FLOATS"),
        ("testp", "2|finite infinite number notanumber normal subnormal|FLOATS"),
        ("mov", "2||BITS b128 INTEGERS FLOATS pred"),
        ("cvt", "2-4|ROUNDING rs rni rzi rmi rpi rna ftz sat satfinite relu pack|2 INTEGERS FLOATS HALVES SMALL b32"),
        ("cvta", "2|to SPACES|u32 u64"),
        ("isspacep", "2|SPACES|"),
        ("ld ldu", "2-3|SPACES SCOPES weak relaxed acquire volatile mmio ca cg cs lu cv nc v2 v4 v8 unified HINTS|MEMORY"),
        ("st", "2-3|SPACES SCOPES weak relaxed release volatile mmio wb cg cs wt v2 v4 v8 HINTS|MEMORY"),
        ("prefetch prefetchu", "1|global local const param generic tensormap L1 L2 HINTS|"),
        ("applypriority discard", "2|global L2 HINTS|"),
        ("createpolicy", "1-6|fractional range cvt global L2 HINTS|b64"),
        ("atom", "3-5|SPACES SCOPES relaxed acquire release acq_rel add min max and or xor exch cas inc dec noftz v2 v4 v8 HINTS|MEMORY"),
        ("red", "2-3|SPACES SCOPES relaxed release add min max and or xor inc dec noftz v2 v4 v8 async HINTS|MEMORY"),
        ("shfl", "4-5|sync up down bfly idx|b32"),
        ("vote", "2-3|sync all any uni ballot|b32 pred"),
        ("match", "3|sync any all|b32 b64"),
        ("redux", "3|sync add min max and or xor abs NaN|u32 s32 b32 f32"),
        ("elect", "2|sync|"),
        ("activemask", "1||b32"),
        ("bar barrier", "0-5|sync arrive red warp cta cluster wait aligned popc and or acquire release relaxed|0 u32 pred"),
        ("membar", "0-2|cta gl sys proxy proxy::*|"),
        ("fence",
            "0-2|sc acq_rel acquire release SCOPES proxy proxy::* alias async async::* tensormap::* mbarrier_init sync_restrict::* global shared::cta "
                + "shared::cluster|"),
        ("bra", "1|uni|"),
        ("brx", "2|idx uni|"),
        ("call", "1-4|uni|"),
        ("ret", "0|uni|"),
        ("exit", "0||"),
        ("griddepcontrol", "0|launch_dependents wait|"),
        ("nanosleep", "1||u32"),
        ("trap brkpt", "0||"),
        ("pmevent", "1|mask|"),
        ("setmaxnreg", "1|inc dec sync aligned|u32"),
        ("stacksave stackrestore", "1||u64"),
        ("alloca", "2-3||u64"),
        ("ldmatrix stmatrix", "2|sync aligned m8n8 m16n16 m8n16 x1 x2 x4 trans shared shared::cta shared::cluster b8x16.* src_fmt::*|b8 b16"),
        ("movmatrix", "2|sync aligned m8n8 trans|b16"),
        ("mma",
            "4-8|sync aligned m8* m16* row col satfinite xor and popc sp sp::* block_scale* scale_vec::* kind::*|f16 bf16 tf32 f32 f64 s32 s8 u8 s4 u4 b1 e4m3 "
                + "e5m2 e3m2 e2m3 e2m1 ue8m0 ue4m3"),
        ("cp",
            "0-8|async async::* ca cg shared shared::cta shared::cluster global commit_group wait_group wait_all bulk bulk_group tensor mbarrier mbarrier::* "
                + "reduce prefetch multicast::* tile* im2col* 1d 2d 3d 4d 5d noinc arrive add min max inc dec and or xor noftz read cp_mask ignore_oob "
                + "cta_group::* HINTS|0 b64 u32 s32 u64 s64 f16 bf16 f32 f64 b32"));

    /// <summary>The form of an instruction; null if there is none.</summary>
    public static InstructionForm? Find(string opcode) => s_forms.GetValueOrDefault(opcode);

    /// <exception cref="PtxException">The instruction or its form is not supported.</exception>
    public static void Check(PtxInstruction instruction)
    {
        if (!Opcodes.IsControl(instruction)) _ = InstructionTable.Find(instruction);
        Find(instruction.Opcode)?.Check(instruction);
    }

    private static FrozenDictionary<string, InstructionForm> Build(params (string Opcodes, string Form)[] rows)
    {
        var forms = new Dictionary<string, InstructionForm>();
        foreach ((string opcodes, string form) in rows)
        {
            var parsed = InstructionForm.Parse(form, word => s_lists.GetValueOrDefault(word, word));
            foreach (string opcode in opcodes.Split(' ')) forms.Add(opcode, parsed);
        }
        return forms.ToFrozenDictionary();
    }
}
