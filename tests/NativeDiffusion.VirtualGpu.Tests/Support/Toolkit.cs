using System.Diagnostics;
using System.Text.Json;
using NativeDiffusion.Testing;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>
/// NVIDIA's assembler and disassembler, found by an environment variable: NDIFF_TEST_PTXAS names the folder that holds ptxas and nvdisasm.
/// Without it the tests that need them are skipped and say so.
/// </summary>
internal sealed class Toolkit
{
    private readonly string _folder;

    private Toolkit(string folder) => _folder = folder;

    /// <summary>The tools; skips the test where they are not there.</summary>
    public static Toolkit Require()
    {
        string? folder = Environment.GetEnvironmentVariable("NDIFF_TEST_PTXAS");
        Assert.SkipUnless(
            !string.IsNullOrEmpty(
            folder), "NDIFF_TEST_PTXAS does not name a folder with ptxas and nvdisasm: machine code is not compared with NVIDIA's own disassembly.");
        return new Toolkit(folder!);
    }

    /// <summary>Assembles PTX for an architecture; gives the cubin and what the assembler says of each kernel (-v).</summary>
    public (byte[] Cubin, string Log) Assemble(string ptx, string target)
    {
        using var files = new TemporaryFolder();
        string source = files.File("kernel.ptx"), cubin = files.File("kernel.cubin");
        File.WriteAllText(source, ptx);
        (_, string log) = Run("ptxas", "-v", "--gpu-name", target, "-o", cubin, source);
        return (File.ReadAllBytes(cubin), log);
    }

    /// <summary>Disassembles a cubin: the list of functions that nvdisasm's JSON holds.</summary>
    public JsonDocument Disassemble(byte[] cubin, params string[] options)
    {
        using var files = new TemporaryFolder();
        string file = files.File("kernel.cubin");
        File.WriteAllBytes(file, cubin);
        (string output, _) = Run("nvdisasm", ["-json", .. options, file]);
        return JsonDocument.Parse(output);
    }

    private (string Output, string Errors) Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(
            _folder, OperatingSystem.IsWindows() ? tool + ".exe" : tool), arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool} gave {process.ExitCode}. {errors.Result}");
        return (output, errors.Result);
    }
}
