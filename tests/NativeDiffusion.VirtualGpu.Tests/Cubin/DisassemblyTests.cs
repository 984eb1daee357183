using System.Globalization;
using System.Text.Json;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Cubin;

/// <summary>Every instruction of every cubin that can be made here has the name, the predicate and the target that nvdisasm gives it.</summary>
public sealed class DisassemblyTests
{
    public static TheoryData<int, string> Targets() => [.. CubinSources.Targets.Select(target => (target.Nvrtc, target.Target))];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Instructions_OfEverySource_AreThoseOfNvdisasm(int nvrtc, string target)
    {
        Toolkit tools = Toolkit.Require();

        foreach (string source in CubinSources.Names)
            AssertSame(tools, CubinSources.Compile(source, nvrtc, target), $"{source}, NVRTC {nvrtc}, {target}");
    }

    [Theory]
    [InlineData("sm_89")]
    [InlineData("sm_120")]
    public void Instructions_OfShippedPtxThroughTheNewestAssembler_AreThoseOfNvdisasm(string target)
    {
        Toolkit tools = Toolkit.Require();
        string ptx = Nvrtc.Require(12).ToPtx(CubinSources.Text("control"), 80);

        AssertSame(tools, tools.Assemble(ptx, target).Cubin, $"control, ptxas, {target}");
    }

    public static TheoryData<string, string> ShippedKernels()
    {
        var data = new TheoryData<string, string>();
        foreach (string file in Directory.EnumerateFiles(
            Repository.PathOf("kernels", "ptx"), "*.ptx").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal))
        {
            if (CubinSources.IsNightly)
                foreach (string target in file.Contains("compute_75", StringComparison.Ordinal) ? new[] { "sm_75" }
                    : file.Contains("compute_80", StringComparison.Ordinal) ? ["sm_80", "sm_89"] : ["sm_90", "sm_100", "sm_120"])
                    data.Add(file, target);
            else if (file.Contains("compute_90", StringComparison.Ordinal)
                && (file.StartsWith("gemm-128-128", StringComparison.Ordinal) || !file.StartsWith("gemm", StringComparison.Ordinal)))
                data.Add(file, "sm_90");
        }
        return data;
    }

    /// <summary>The kernels that ship are read as nvdisasm reads them, for the cards that they ship for.</summary>
    [Theory]
    [MemberData(nameof(ShippedKernels))]
    public void Instructions_OfShippedKernels_AreThoseOfNvdisasm(string file, string target)
    {
        Toolkit tools = Toolkit.Require();

        AssertSame(tools, tools.Assemble(File.ReadAllText(Repository.PathOf("kernels", "ptx", file)), target).Cubin, $"{file}, {target}");
    }

    private static void AssertSame(Toolkit tools, byte[] image, string what)
    {
        CubinFile cubin = CubinFile.Read(image, what);
        using JsonDocument listing = tools.Disassemble(image);
        var functions = listing.RootElement[1].EnumerateArray().ToDictionary(function => function.GetProperty("function-name").GetString()!);
        Dictionary<string, int> symbols = ElfImage.Read(
            image, what).Symbols.Where(symbol => symbol.IsFunction).ToDictionary(symbol => symbol.Name, symbol => (int)symbol.Value);
        var wrong = new List<string>();
        int compared = 0;
        foreach (CubinKernel kernel in cubin.Kernels)
            foreach (JsonElement function in Functions(functions, kernel))
            {
                int start = function.GetProperty("start").GetInt32(), i = start / SassInstruction.Bytes;
                foreach (JsonElement line in function.GetProperty("sass-instructions").EnumerateArray())
                {
                    SassInstruction instruction = kernel.Instructions[i++];
                    if (Difference(instruction, line, symbols) is { } difference) wrong.Add($"{kernel.Name}+{instruction.Offset:x}: {difference}");
                    compared++;
                }
            }
        Assert.True(
            wrong.Count == 0,
            $"{what}: {wrong.Count} of {compared} instructions are read otherwise than nvdisasm reads them:\n{string.Join('\n', wrong.Take(12))}");
        Assert.True(compared > 20, $"{what}: {compared} instructions were compared.");
    }

    // A function that the kernel calls stands in its section: its name starts with the kernel's, or it is one of the compiler's own.
    private static IEnumerable<JsonElement> Functions(Dictionary<string, JsonElement> functions, CubinKernel kernel)
    {
        yield return functions[kernel.Name];
        foreach ((string name, JsonElement function) in functions)
            if (name.StartsWith($"${kernel.Name}$", StringComparison.Ordinal)) yield return function;
    }

    private static string? Difference(SassInstruction instruction, JsonElement line, Dictionary<string, int> symbols)
    {
        string opcode = line.GetProperty("opcode").GetString()!, name = opcode.Split('.')[0];
        string operands = line.TryGetProperty("operands", out JsonElement list) ? list.GetString()! : "";
        if (instruction.Mnemonic != name) return $"{instruction.Mnemonic} ({instruction.Opcode:x3}), nvdisasm says {opcode} {operands}";
        // The guard stands before the name; P2R's operand of all predicates (PR) is filed under the same key.
        string predicate = line.TryGetProperty("predicate", out JsonElement guard)
            && guard.GetString() is ['@', ..] text ? text.Replace("UP", "P", StringComparison.Ordinal) : "";
        if (Guard(instruction) != predicate) return $"{opcode} under '{Guard(instruction)}', nvdisasm says '{predicate}'";
        int? target = Target(opcode, operands, symbols);
        return instruction.Target == target ? null : $"{opcode} {operands} goes to {instruction.Target:x}, nvdisasm says {target:x}";
    }

    private static string Guard(SassInstruction instruction) =>
        instruction.IsConditional
            ? $"@{(instruction.IsNegated ? "!" : "")}P{(instruction.Predicate == 7 ? "T" : instruction.Predicate.ToString(CultureInfo.InvariantCulture))}" : "";

    private static int? Target(string opcode, string operands, Dictionary<string, int> symbols)
    {
        string last = operands.Split(',')[^1];
        bool isNamed = opcode.Split('.')[0] is "BRA" or "BSSY" || opcode is "WARPSYNC.COLLECTIVE"
            || (opcode.StartsWith("CALL.REL", StringComparison.Ordinal) && !operands.Contains(','));
        if (!isNamed) return null;
        return symbols.TryGetValue(last, out int symbol)
            ? symbol
            : int.Parse(last.Replace("0x", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
