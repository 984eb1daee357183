using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.PtxText;

/// <summary>Errors name the line, its text and what is expected instead.</summary>
public sealed class ErrorTests
{
    private const string Module = ".version 8.6\n.target sm_90\n.address_size 64\n";

    [Theory]
    [InlineData("", "PTX line 1: expected .version, the first directive of every PTX module, found the end of the text.")]
    [InlineData("// nothing\nmov.b32 x, y;", "PTX line 2: expected .version, the first directive of every PTX module, found 'mov'.")]
    [InlineData(".version 8.6\n.address_size 64", "PTX line 2: expected .target, found 'address_size'.")]
    [InlineData(".version 8.6\n.target compute_90\n.address_size 64", "target 'compute_90' is not valid; expected sm_ and a number.")]
    [InlineData(".version 8.6\n.target sm_90\n.address_size 32", "PTX line 3: addresses of 32 bits are not supported; compile for 64.")]
    [InlineData(Module + ".surface x;", "PTX line 4: directive '.surface' is not supported here.")]
    [InlineData(Module + ".visible .align x;", "PTX line 4: directive '.align' cannot follow '.visible'.")]
    [InlineData(Module + ".global .b7 x;", "PTX line 4: '.b7' is not a valid variable type here.")]
    [InlineData(Module + ".global .b8 x[-1];", "PTX line 4: 'x' has too many elements.")]
    [InlineData(Module + ".shared .b8 x[9223372036854775807];", "PTX line 4: 'x' has too many elements.")]
    [InlineData(Module + ".shared .b64 x[4000000];", "PTX line 4: 'x' exceeds the maximum of 16777216 bytes for a variable in .shared.")]
    [InlineData(Module + ".global .align 3 .b8 x[4];", "PTX line 4: 3 is not a valid alignment; expected a power of two up to 1024.")]
    [InlineData(Module + ".global .b8 x[2] = {1, 2, 3};", "PTX line 4: 'x' has 2 bytes, its initialiser 3.")]
    [InlineData(Module + ".global .b32 x = 0f3F8;", "PTX line 4: '0f3F8' is not a number.")]
    [InlineData(Module + ".global .attribute(.managed", "expected ')', found the end of the text.")]
    [InlineData(Module + ".section .debug_x {", "PTX line 4: a section is not terminated.")]
    [InlineData(Module + ".entry k() .maxfoo 3 {}", "PTX line 4: directive '.maxfoo' is not supported on a function.")]
    [InlineData(Module + ".entry k(.reg .b32 x) {}", "PTX line 4: parameters in '.reg' are not supported; the compilers pass them in .param.")]
    [InlineData(Module + ".entry k() {}\n.entry k() {}", "PTX line 5: 'k' is defined twice.")]
    [InlineData(Module + ".entry k() {\n.reg .b32 x;\n.reg .b32 x;\n}", "PTX line 6: register 'x' is declared twice.")]
    [InlineData(Module + ".entry k() {\n.reg .b32 x<9999999999>;\n}", "PTX line 5: 9999999999 registers 'x' cannot be declared; the maximum is 1048576.")]
    [InlineData(Module + ".entry k() {\nA:\nA:\n}", "PTX line 6: label 'A' is defined twice in one scope.")]
    [InlineData(Module + ".entry k() {\nret;", "PTX line 5: expected '}', found the end of the text.")]
    [InlineData(Module + ".entry k() {\nret\n}", "PTX line 6: expected an operand, found '}'.")]
    [InlineData(Module + ".entry k() { \"", "PTX line 4: a string is not terminated.")]
    [InlineData(Module + "/* never", "PTX line 4: a comment is not terminated.")]
    public void Module_ThatIsWrong_IsRefusedByName(string ptx, string message)
    {
        var e = Assert.Throws<PtxException>(() => PtxModule.Parse(ptx));
        Assert.EndsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate.b32 x, y;", "instruction 'frobnicate' is not supported.")]
    [InlineData("add.s32 x, y;", "expected 3 operands, found 2.")]
    [InlineData("add.s32 x, y, z, x;", "expected 3 operands, found 4.")]
    [InlineData("add x, y, z;", "a type is missing; expected .u16, .s16, .u32")]
    [InlineData("add.b32 x, y, z;", "'add' does not work on '.b32' here; expected .u16, .s16, .u32")]
    [InlineData("add.foo.s32 x, y, z;", "'.foo' is not known for 'add'; expected .rn, .rz, .rm, .rp, .ftz, .sat, .cc, .u16")]
    [InlineData("popc.u32 x, y;", "'popc' does not work on '.u32' here; expected .b32, .b64.")]
    [InlineData("cvt.u32 x, y;", "a type is missing;")]
    [InlineData("testp.f32 p, x;", "test '.f32' is not known.")]
    [InlineData("setp.s32 p, x, y;", "comparison")]
    [InlineData("add.s32 x, y, p;", "predicate 'p' cannot be an operand here.")]
    [InlineData("add.s32 x, y, w;", "register 'w' has 64 bits, expected 32.")]
    [InlineData("add.s32 4, y, z;", "'4' cannot hold a result.")]
    [InlineData("add.s32 x, y, unknown;", "'unknown' is not declared.")]
    [InlineData("mov.u32 x, %nosuch;", "'%nosuch' is neither declared nor a supported special register.")]
    [InlineData("@q add.s32 x, y, z;", "'q' is not declared.", true)]
    [InlineData("bra NOWHERE;", "label 'NOWHERE' is not defined.")]
    [InlineData("bra x;", "expected a label.")]
    [InlineData("brx.idx x, T;", "expected an index and a list of labels declared by .branchtargets.")]
    [InlineData("ld.global.u32 x, y;", "operand 2 must be an address.")]
    [InlineData("ld.global.v2.u32 x, [w];", "expected 2 registers, found 1.")]
    [InlineData("ld.global.u64 x, [w];", "register 'x' has 32 bits, 64 are loaded.")]
    [InlineData("ld.shared::cluster.u32 x, [y];", "clusters are not supported: a block sees its own shared memory only.")]
    [InlineData("shfl.bfly.b32 x, y, 1, 31;", "the form without .sync is not supported since sm_70.")]
    [InlineData("vote.all.pred p, p;", "the form without .sync is not supported since sm_70.")]
    [InlineData("bar.arrive 1;", "bar.arrive needs a number of threads.")]
    [InlineData("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {x}, {x}, {x}, {x};", "registers; its fragment has 4.")]
    [InlineData("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.xor.popc {x,x,x,x}, {x,x,x,x}, {x,x}, {x,x,x,x};", "factors of type B1 are not supported.")]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {x, y}, [z];", "expected 4 registers, found 2.")]
    [InlineData("cp.async.cx.shared.global [x], [w], 4;", "'.cx' is not known for 'cp'")]
    [InlineData("mma.sync.aligned.m16n8k16.row.col.foo.f32.f16.f16.f32 {x}, {x}, {x}, {x};", "'.foo' is not known for 'mma'")]
    [InlineData("cp.async.ca.shared.global [x], [w], 5;", "5 bytes cannot be copied.")]
    [InlineData(
        "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [x], [w], 16, [y];", "bulk copies, tensor maps and mbarriers are not supported")]
    [InlineData("mbarrier.init.shared.b64 [x], 1;", "mbarriers are not supported.")]
    [InlineData("wgmma.fence.sync.aligned;", "warp-group matrix products are not supported; use mma.sync.")]
    [InlineData("tcgen05.alloc.cta_group::1.sync.aligned.shared::cta.b32 [x], 32;", "warp-group matrix products are not supported; use mma.sync.")]
    [InlineData("mapa.u64 w, w, x;", "clusters are not supported.")]
    [InlineData("barrier.cluster.arrive;", "clusters are not supported.")]
    [InlineData("wmma.load.a.sync.aligned.row.m16n16k16.f16 {x}, [w];", "the wmma family is not supported; use ldmatrix and mma.sync.")]
    [InlineData("tex.1d.v4.f32.s32 {x,x,x,x}, [w, {y}];", "textures and surfaces are not supported.")]
    [InlineData("cvt.rs.f16x2.f32 x, y, z, x;", "stochastic rounding is not supported.")]
    [InlineData("atom.global.cas.b128 x, [w], x, x;", "atomics of 128 bits are not supported.")]
    [InlineData("atom.global.cas.b32 x, [w], y;", "operand 4 is missing.")]
    [InlineData("atom.global.b32 x, [w], y;", "the operation on")]
    [InlineData("alloca.u64 w, w, 3;", "3 is not a valid alignment.")]
    public void Instruction_ThatIsWrong_IsRefusedByNameAndLine(string instruction, string message, bool isParser = false)
    {
        string ptx = Module + ".entry k() {\n.reg .pred p;\n.reg .b16 h;\n.reg .b32 x, y, z;\n.reg .b64 w, v;\n\n" + instruction + "\n}";
        var e = Assert.Throws<PtxException>(() => FunctionLowering.Lower(PtxModule.Parse(ptx), PtxModule.Parse(ptx).Functions["k"]));
        Assert.Equal(10, e.Line);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        // The opcode, if the parser reached it.
        if (!isParser) Assert.Contains("'" + instruction.Split(' ')[0].TrimEnd(';'), e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('{', "scopes")]
    [InlineData('-', "constants")]
    [InlineData('!', "negations")]
    public void Nesting_WithoutEnd_DoesNotTakeTheHostDown(char nested, string what)
    {
        string much = new(nested, 1_000_000);
        string ptx = Module + ".entry k() {\n.reg .b32 x;\n" + (nested == '{' ? much : $"mov.b32 x, {much}") + "\n}";
        var e = Assert.Throws<PtxException>(() => PtxModule.Parse(ptx));
        Assert.True(e.Message.Contains("more than 200 nested scopes or parentheses.", StringComparison.Ordinal), $"{what}: {e.Message}");
    }

    /// <summary>An instruction without a list of its words would take any.</summary>
    [Fact]
    public void EveryInstruction_HasAForm() => Assert.DoesNotContain(InstructionTable.Names, name => InstructionForms.Find(name) is null);
}
