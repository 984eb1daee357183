using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Writes a program as PTX: registers from memory, the statements, registers to memory.</summary>
internal sealed partial class Printer
{
    private readonly StringBuilder _text = new();
    private int _labels;

    public static string Print(RandomProgram program)
    {
        var printer = new Printer();
        printer.Line($".version 8.6\n.target sm_90\n.address_size 64");
        for (int k = 0; k < program.Functions.Length; k++) printer.Function(k, program.Functions[k]);
        if (program.Functions.Length > 0) printer.Line(
            $".global .u64 pointers[{program.Functions.Length}] = {{{string.Join(", ", program.Functions.Select((_, k) => $"f{k}"))}}};");
        printer.Kernel(program.Main);
        return printer._text.ToString();
    }

    private void Line(string line) => _text.AppendLine(line);

    private void Kernel(List<Statement> program)
    {
        Line($".visible .entry k(.param .u64 registers, .param .u64 table)\n{{");
        Declare();
        Line(
            $"ld.param.u64 base, [registers];\nld.param.u64 look, [table];\nmov.u32 x, %ctaid.x;\nmov.u32 sw, %ntid.x;\nmov.u32 c0, %tid.x;\nmad.lo.u32 x, x, "
                + $"sw, c0;");
        Line($"mul.wide.u32 at, x, {8 * Registers.Total};\nadd.u64 base, base, at;");
        Move(false);
        foreach (Statement statement in program) Write(statement, 0);
        Line($"FINISH:");
        Move(true);
        Line($"ret;\n}}");
    }

    /// <summary>A function derives its registers from two words, and returns one.</summary>
    private void Function(int index, List<Statement> body)
    {
        Line($".func (.param .b32 result) f{index}(.param .b32 first, .param .b32 second, .param .b64 table)\n{{");
        Declare();
        Line($"ld.param.u32 r0, [first];\nld.param.u32 r1, [second];\nld.param.u64 look, [table];");
        for (int i = 2; i < Registers.Words; i++) Line($"mad.lo.u32 r{i}, r{i - 1}, {i}, r{i - 2};");
        for (int i = 0; i < Registers.Longs; i++) Line($"mov.b64 l{i}, {{r{i}, r{i + 1}}};");
        for (int i = 0; i < Registers.Halves; i++) Line($"cvt.u16.u32 h{i}, r{i};");
        for (int i = 0; i < Registers.Predicates; i++) Line($"setp.lt.u32 p{i}, r{i}, r{i + 1};");
        Write(body, 0);
        Line($"FINISH:\nst.param.b32 [result], r0;\nret;\n}}");
    }

    private void Declare()
    {
        Line($".local .align 4 .b8 mine[{4 * Registers.LocalWords}];\n.reg .pred p<{Registers.Predicates}>, sp;\n.reg .b16 h<{Registers.Halves}>, sh;");
        Line($".reg .b32 r<{Registers.Words}>, c<8>, x, sw;\n.reg .b64 l<{Registers.Longs}>, base, look, at, own, y;\nmov.u64 own, mine;");
        for (int i = 0; i < Registers.LocalWords; i++) Line($"st.local.u32 [own+{4 * i}], {i};");
    }

    private void Call(Statement.Call call)
    {
        string target = $"f{call.Function}";
        if (call.Selector is { } selector)
        {
            Line(
                $"and.b32 x, r{selector}, {RandomProgram.FunctionCount - 1};\nmul.wide.u32 at, x, 8;\nmov.u64 y, pointers;\nadd.u64 at, at, y;\nld.global.u64 "
                    + $"at, [at];");
            target = "at";
        }
        // A side effect that would be visible if executed twice.
        Line($"add.u32 r{call.A}, r{call.A}, 1;");
        Line(
            $"{{\n.param .b32 a0;\n.param .b32 a1;\n.param .b64 a2;\n.param .b32 back;\nst.param.b32 [a0], r{call.A};\nst.param.b32 [a1], "
                + $"r{call.B};\nst.param.b64 [a2], look;");
        if (target == "at") Line($"P: .callprototype (.param .b32 _) _ (.param .b32 _, .param .b32 _, .param .b64 _);");
        Line($"call (back), {target}, (a0, a1, a2){(target == "at" ? ", P" : "")};\nld.param.b32 r{call.Result}, [back];\n}}");
    }

    private void Move(bool isStore)
    {
        foreach ((string type, string name) in (ReadOnlySpan<(string, string)>)[("b16", "h"), ("b32", "r"), ("b64", "l")])
            for (int i = 0; i < Registers.Count(type); i++)
            {
                int place = 8 * Registers.Place(type, i);
                // A product exposes bits above a narrow register's width; they must be zero.
                if (isStore && type == "b16") Line($"mul.wide.u16 x, h{i}, 1;\nst.global.u32 [base+{place}], x;");
                else if (isStore) Line($"st.global.{type} [base+{place}], {name}{i};");
                else Line($"ld.global.{type} {name}{i}, [base+{place}];");
            }
        for (int i = 0; i < Registers.Predicates; i++)
        {
            int place = 8 * Registers.Place("pred", i);
            if (isStore) Line($"selp.u32 x, 1, 0, p{i};\nst.global.u32 [base+{place}], x;");
            else Line($"ld.global.u32 x, [base+{place}];\nsetp.ne.u32 p{i}, x, 0;");
        }
    }

    private void Write(List<Statement> statements, int depth)
    {
        foreach (Statement statement in statements) Write(statement, depth);
    }

    private void Write(Statement statement, int depth)
    {
        int label = _labels++;
        switch (statement)
        {
            case Statement.Compute compute:
                string guard = compute.Guard is { } p ? $"@{(compute.IsGuardNegated ? "!" : "")}p{p} " : "";
                Line($"{guard}{Names().Replace(compute.Op.Text, name => Name(compute, name.Value[0]))}");
                break;
            case Statement.Lookup lookup:
                Line(
                    $"and.b32 x, r{lookup.Index}, {Registers.TableWords - 1};\nmul.wide.u32 at, x, 4;\nadd.u64 at, at, look;\nld.global.u32 r{lookup.Result}, "
                        + $"[at];");
                break;
            case Statement.Local local:
                Line($"and.b32 x, r{local.Index}, {Registers.LocalWords - 1};\nmul.wide.u32 at, x, 4;\nadd.u64 at, at, own;");
                if (local.IsStore) Line($"st.local.u32 [at], r{local.Register};");
                else Line($"ld.local.u32 r{local.Register}, [at];");
                break;
            case Statement.If branch:
                Line($"@{(branch.IsNegated ? "" : "!")}p{branch.Predicate} bra ELSE{label};");
                Write(branch.Then, depth);
                Line($"bra END{label};\nELSE{label}:");
                Write(branch.Else, depth);
                Line($"END{label}:");
                break;
            case Statement.Loop loop:
                Line($"and.b32 c{depth}, r{loop.Count}, 3;\nTOP{label}:\nsetp.eq.u32 sp, c{depth}, 0;\n@sp bra END{label};");
                Write(loop.Body, depth + 1);
                if (loop.Break is { } stop) Line($"@p{stop} bra END{label};");
                Line($"sub.u32 c{depth}, c{depth}, 1;\nbra TOP{label};\nEND{label}:");
                break;
            case Statement.Switch choice:
                Line(
                    $"{{\nT{label}: .branchtargets CASE{label}_0, CASE{label}_1, CASE{label}_2, CASE{label}_3;\nand.b32 x, r{choice.Selector}, 3;\nbrx.idx x, "
                        + $"T{label};\n}}");
                for (int k = 0; k < 4; k++)
                {
                    Line($"CASE{label}_{k}:");
                    Write(choice.Cases[k], depth);
                    Line($"bra END{label};");
                }
                Line($"END{label}:");
                break;
            case Statement.Call call:
                Call(call);
                break;
            case Statement.Leave leave:
                Line($"@p{leave.Predicate} bra FINISH;");
                break;
            default:
                throw new ArgumentException($"{statement} is not known.");
        }
    }

    private static string Name(Statement.Compute compute, char name) => name == 'd' ? compute.Result.Text : compute.Sources[name - 'a'].Text;

    [GeneratedRegex(@"(?<![\w.])[abcd](?![\w.])")]
    private static partial Regex Names();
}
