using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Writes a program as PTX: registers from memory, the statements, registers to memory.</summary>
internal sealed partial class Printer
{
    private readonly StringBuilder _text = new();
    private int _labels;

    public static string Print(List<Statement> program)
    {
        var printer = new Printer();
        printer.Kernel(program);
        return printer._text.ToString();
    }

    private void Line(FormattableString line) => _text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private void Kernel(List<Statement> program)
    {
        Line($".version 8.6\n.target sm_90\n.address_size 64");
        Line($".visible .entry k(.param .u64 registers, .param .u64 table)\n{{");
        Line($".local .align 4 .b8 mine[{4 * Registers.LocalWords}];\n.reg .pred p<{Registers.Predicates}>, sp;\n.reg .b16 h<{Registers.Halves}>, sh;");
        Line($".reg .b32 r<{Registers.Words}>, c<8>, x, sw;\n.reg .b64 l<{Registers.Longs}>, base, look, at, own, y;");
        Line($"ld.param.u64 base, [registers];\nld.param.u64 look, [table];\nmov.u64 own, mine;\nmov.u32 x, %ctaid.x;\nmov.u32 sw, %ntid.x;\nmov.u32 c0, %tid.x;\nmad.lo.u32 x, x, sw, c0;");
        Line($"mul.wide.u32 at, x, {8 * Registers.Total};\nadd.u64 base, base, at;");
        for (int i = 0; i < Registers.LocalWords; i++) Line($"st.local.u32 [own+{4 * i}], {i};");
        Move(false);
        foreach (Statement statement in program) Write(statement, 0);
        Line($"FINISH:");
        Move(true);
        Line($"ret;\n}}");
    }

    private void Move(bool isStore)
    {
        foreach ((string type, string name) in (ReadOnlySpan<(string, string)>)[("b16", "h"), ("b32", "r"), ("b64", "l")])
            for (int i = 0; i < Registers.Count(type); i++)
            {
                int place = 8 * Registers.Place(type, i);
                // A product shows what a narrow register holds above its bits: nothing, it should be.
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
                Line($"and.b32 x, r{lookup.Index}, {Registers.TableWords - 1};\nmul.wide.u32 at, x, 4;\nadd.u64 at, at, look;\nld.global.u32 r{lookup.Result}, [at];");
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
                Line($"{{\nT{label}: .branchtargets CASE{label}_0, CASE{label}_1, CASE{label}_2, CASE{label}_3;\nand.b32 x, r{choice.Selector}, 3;\nbrx.idx x, T{label};\n}}");
                for (int k = 0; k < 4; k++)
                {
                    Line($"CASE{label}_{k}:");
                    Write(choice.Cases[k], depth);
                    Line($"bra END{label};");
                }
                Line($"END{label}:");
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
