using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using NativeDiffusion.Testing.Cuda;
using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>
/// The PTX in the assembly is made from the present sources. With NDIFF_UPDATE_PTX=1, the oldest NVRTC and ptxas at hand, the test
/// that compares writes kernels/ptx anew instead.
/// </summary>
public sealed partial class ShippedPtxTests
{
    private static readonly string[] s_versions = ["6.3", "6.4", "6.5", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "8.0", "8.1"];
    private static readonly int[] s_capabilities = [75, 80, 86, 89, 90, 100, 103, 110, 120, 121];

    public static TheoryData<string> Files() =>
        [.. KernelList.All.SelectMany(
            variant => KernelList.ShippedPtx.Capabilities.Where(variant.Fits).Select(capability => ShippedPtx.FileName(variant, capability)))];

    private static bool Updates => Environment.GetEnvironmentVariable("NDIFF_UPDATE_PTX") == "1";

    [Theory]
    [MemberData(nameof(Files))]
    public void Ptx_IsMadeFromThePresentSources(string file)
    {
        (KernelVariant variant, int capability) = Parse(file);
        if (Updates)
        {
            Update(variant, capability);
            return;
        }

        byte[]? ptx = KernelList.ShippedPtx.Read(file);
        Assert.True(ptx is not null, $"kernels/ptx/{file} is missing: make it as kernels/README.md says.");
        string first = Encoding.UTF8.GetString(ptx).Split('\n')[0];
        Assert.True(
            first == ShippedPtx.HashMark + ShippedPtx.Hash(KernelList.Sources, variant, capability),
            $"kernels/ptx/{file} was made from other sources or options: make it anew as kernels/README.md says.");
    }

    [Fact]
    public void Files_AreThoseOfTheKernels() => Assert.Equal(Files().Select(row => row.Data).Order(StringComparer.Ordinal), KernelList.ShippedPtx.Files);

    [Fact]
    public void Ptx_SaysHowItRounds_AndNothingNewerThanItNeeds()
    {
        foreach (string file in KernelList.ShippedPtx.Files)
        {
            string ptx = Encoding.UTF8.GetString(KernelList.ShippedPtx.Read(file)!);
            Assert.Empty(PtxText.Unrounded(ptx));
            (_, int capability) = Parse(file);
            Assert.Contains($".target sm_{capability}\n", ptx, StringComparison.Ordinal);
            // Drivers of CUDA 12.0 know PTX 8.0.
            Assert.True(decimal.Parse(PtxText.Version(ptx), CultureInfo.InvariantCulture) <= 8.0m, $"{file} is of PTX {PtxText.Version(ptx)}.");
        }
    }

    /// <summary>What a driver's assembler does with it, for each card that may be given it.</summary>
    [Fact]
    public void Ptx_IsAssembled_ForEveryCard()
    {
        string ptxas = Tool();
        List<(string File, int Capability)> all =
            [.. KernelList.ShippedPtx.Files.SelectMany(
            file => s_capabilities.Where(capability => capability >= Parse(file).Capability).Select(capability => (file, capability)))];
        // The daily run takes the newest card, the nightly run all.
        List<(string File, int Capability)> chosen = NvrtcVersions.IsNightly ? all : [.. all.Where(one => one.Capability == 120)];
        using var folder = new TemporaryFolder();
        List<string> wrong = [];
        Parallel.ForEach(chosen, one =>
        {
            string path = folder.Write($"{one.Capability}/{one.File}", KernelList.ShippedPtx.Read(one.File)!);
            string said = Assemble(ptxas, path, one.Capability);
            if (said.Length > 0)
            {
                lock (wrong)
                    wrong.Add($"{one.File} for sm_{one.Capability}: {said}");
            }
        });

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static (KernelVariant Variant, int Capability) Parse(string file)
    {
        foreach (KernelVariant variant in KernelList.All)
        {
            foreach (int capability in KernelList.ShippedPtx.Capabilities)
            {
                if (ShippedPtx.FileName(variant, capability) == file)
                    return (variant, capability);
            }
        }

        throw new ArgumentException($"{file} is of no kernel.", nameof(file));
    }

    private static string Tool()
    {
        string path = Path.Combine(NvrtcVersions.Folder(NvrtcVersions.Tools), OperatingSystem.IsWindows() ? "ptxas.exe" : "ptxas");
        Assert.SkipUnless(File.Exists(path), $"{path} does not exist.");
        return path;
    }

    // Empty if all is well.
    private static string Assemble(string ptxas, string path, int capability)
    {
        var start = new ProcessStartInfo(
            ptxas, [$"--gpu-name=sm_{capability}", "-Werror", "-o", path + ".cubin", path])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : (errors + output.Result).Trim();
    }

    private static bool IsUnusedConstant(string line, string ptx) =>
        Constant().Match(line) is { Success: true } constant && Regex.Count(ptx, $@"\b{Regex.Escape(constant.Groups[1].Value)}\b") == 1;

    [GeneratedRegex(@"^\.global \.align \d+ \.\w+ (\w+)(\[\d+\])?( = .*)?;$")]
    private static partial Regex Constant();

    private static void Update(KernelVariant variant, int capability)
    {
        KernelCompiler nvrtc = NvrtcVersions.Compiler(NvrtcVersions.Oldest);
        string architecture = $"compute_{capability}";
        string ptx = Encoding.UTF8.GetString(
            nvrtc.Compile(KernelList.Sources.Text(variant.Source), variant, architecture, KernelCompiler.CodeOptions(variant, architecture)).Image.Ptx.Span);
        string made = PtxText.Version(ptx);
        // Without the compiler's head, and without the constants that it writes down but that nothing uses.
        ptx = string.Join(
            '\n', ptx.Split(
            '\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal) && !IsUnusedConstant(line, ptx)).SkipWhile(line => line.Length == 0));
        using var folder = new TemporaryFolder();
        foreach (string version in s_versions)
        {
            string older = ptx.Replace($".version {made}", $".version {version}", StringComparison.Ordinal);
            if (Assemble(Tool(), folder.Write("try.ptx", Encoding.UTF8.GetBytes(older)), capability).Length > 0)
                continue;
            string path = Path.Combine(Repository.Root, "kernels", "ptx", ShippedPtx.FileName(variant, capability));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(
                path,
                $"{ShippedPtx.HashMark}{ShippedPtx.Hash(KernelList.Sources, variant, capability)}\n// {variant.Name}, made by NVRTC {nvrtc.Version} from "
                    + $"kernels/{variant.Source}\n{older}");
            return;
        }

        Assert.Fail($"{variant} for {architecture} is assembled in no version of PTX.");
    }
}
