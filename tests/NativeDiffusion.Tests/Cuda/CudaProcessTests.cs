using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using NativeDiffusion.Testing.Cuda;
using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>What needs processes: each finds its libraries anew, and several share one folder of compiled kernels.</summary>
public sealed class CudaProcessTests
{
    // No toolkit of this machine is found.
    private static readonly (string, string?)[] s_nothing =
        [("CUDA_PATH", null), ("CUDA_HOME", null), ("CUDA_ROOT", null), ("VIRTUAL_ENV", null), ("CONDA_PREFIX", null), ("LD_LIBRARY_PATH", null)];

    [Fact]
    public async Task Doctor_WithoutNvrtc_TellsEveryPlaceAndWhatToDo()
    {
        using var empty = new TemporaryFolder();
        FinishedProcess run = await NdiffProcess.RunAsync([.. s_nothing, ("NDIFF_CUDA_PATH", empty.Path), ("HOME", empty.Path)], "doctor");
        Assert.SkipUnless(
            run.Output.Contains("NVRTC                    not found", StringComparison.Ordinal), "This machine has NVRTC where the system finds it.");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        foreach (string words in (string[])["pip install nvidia-cuda-nvrtc-cu12", "set NDIFF_CUDA_PATH", "searched for", OperatingSystem.IsWindows()
            ? "nvrtc64_130_0.dll" : "libnvrtc.so.13", $"{Environment.NewLine}{"",-29}{empty.Path}{Environment.NewLine}", "pip install nvidia-cublas-cu12"])
            Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NvrtcVersions.Oldest, "12.1")]
    [InlineData(NvrtcVersions.Newest, "13.5")]
    public async Task Doctor_WithNvrtc_TellsVersionAndFile(string variable, string version)
    {
        string folder = NvrtcVersions.Folder(variable);
        FinishedProcess run = await NdiffProcess.RunAsync([.. s_nothing, ("NDIFF_CUDA_PATH", folder)], "doctor", "--json");

        using JsonDocument report = JsonDocument.Parse(run.Output);
        JsonElement nvrtc = report.RootElement.GetProperty("cuda").EnumerateArray().Single(library => library.GetProperty("name").GetString() == "NVRTC");
        Assert.Equal(version, nvrtc.GetProperty("version").GetString());
        Assert.StartsWith(folder, nvrtc.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(nvrtc.GetProperty("tried").EnumerateArray());
    }

    /// <summary>The file that NVRTC opens by itself when it first works is not there: doctor names it, and so does what fails for want of it.</summary>
    [Theory]
    [InlineData(NvrtcVersions.Oldest)]
    [InlineData(NvrtcVersions.Newest)]
    public async Task Nvrtc_WithoutItsBuiltins_IsTold(string variable)
    {
        string folder = NvrtcVersions.Folder(variable);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The compilers for tests are Linux'.");
        using var part = new TemporaryFolder();
        string library = Directory.EnumerateFiles(folder, "libnvrtc.so.1*").Single();
        // A copy: beside what a link leads to, the builtins would be found.
        File.Copy(library, part.File(Path.GetFileName(library)));
        string builtins = Path.GetFileName(Directory.EnumerateFiles(folder, "libnvrtc-builtins.so.*").Single());
        (string, string?)[] environment = [.. s_nothing, ("NDIFF_CUDA_PATH", part.Path), ("NDIFF_CACHE", part.File("cache"))];

        FinishedProcess doctor = await NdiffProcess.RunAsync(environment, "doctor");
        FinishedProcess compile = await NdiffProcess.RunAsync(environment, "kernels", "compile", "softmax", "--arch", "sm_80");

        Assert.Contains($"{builtins} must be in the folder of", doctor.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, compile.ExitCode);
        Assert.Contains("NVRTC_ERROR_BUILTIN_OPERATION_FAILURE", compile.Error, StringComparison.Ordinal);
        Assert.Contains("builtins library must be in the same folder", compile.Error, StringComparison.Ordinal);
        Assert.Contains("0 of 1 kernels", compile.Output, StringComparison.Ordinal);
    }

    /// <summary>Three processes at once fill one folder, and a fourth finds it full.</summary>
    [Fact]
    public async Task Compile_InSeveralProcessesAtOnce_FillsOneFolder()
    {
        string nvrtc = NvrtcVersions.Folder(NvrtcVersions.Oldest);
        using var folder = new TemporaryFolder();
        (string, string?)[] environment = [.. s_nothing, ("NDIFF_CUDA_PATH", nvrtc), ("NDIFF_CACHE", folder.Path)];
        string[] arguments = ["kernels", "compile", "philox", "--arch", "sm_80"];

        FinishedProcess[] runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => NdiffProcess.RunAsync(environment, arguments)));

        Assert.All(runs, run => Assert.True(run.ExitCode == ExitCodes.Ok, run.Error));
        Assert.All(runs, run => Assert.Contains("1 of 1 kernels for sm_80, NVRTC 12.1", run.Output, StringComparison.Ordinal));
        Assert.All(runs, run => Assert.Contains("compiling kernels", run.Error, StringComparison.Ordinal));
        string file = Assert.Single(Directory.GetFiles(folder.File("kernels")));
        string key = KernelCache.Key(KernelList.Sources, PhiloxNormalKernel.Variant, "sm_80", "12.1");
        KernelImage? image = new KernelCache(folder.File("kernels")).Read(key, "sm_80");
        Assert.NotNull(image);
        Assert.False(image.Cubin.IsEmpty || image.Ptx.IsEmpty);

        // What is there is read, not made: it is the same file, marked as used.
        byte[] before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        FinishedProcess again = await NdiffProcess.RunAsync(environment, [.. arguments, "--json"]);
        using JsonDocument report = JsonDocument.Parse(again.Output);
        Assert.Equal("sm_80", report.RootElement.GetProperty("architecture").GetString());
        Assert.Empty(report.RootElement.GetProperty("failures").EnumerateArray());
        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.True(File.GetLastWriteTimeUtc(file) > DateTime.UtcNow.AddHours(-1));
    }

    /// <summary>For a picture the cache does without its disk; to fill it is what was asked here.</summary>
    [Fact]
    public async Task Compile_FolderThatCannotBeWritten_Fails()
    {
        string nvrtc = NvrtcVersions.Folder(NvrtcVersions.Oldest);
        using var folder = new TemporaryFolder();
        string file = folder.Write("occupied", "a file"u8);

        FinishedProcess run = await NdiffProcess.RunAsync(
            [.. s_nothing, ("NDIFF_CUDA_PATH", nvrtc), ("NDIFF_CACHE", file)], "kernels", "compile", "philox", "--arch", "sm_80");

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains($"cannot be kept in '{Path.Combine(file, "kernels")}'", run.Error, StringComparison.Ordinal);
        Assert.Contains("NDIFF_CACHE", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Compile_WithoutWhatItNeeds_SaysWhatIsMissing()
    {
        using var empty = new TemporaryFolder();
        FinishedProcess noCard = await NdiffProcess.RunAsync([.. s_nothing, ("NDIFF_CUDA_PATH", empty.Path), ("HOME", empty.Path)], "kernels", "compile");
        Assert.SkipWhen(noCard.ExitCode == ExitCodes.Ok, "This machine has a card.");
        Assert.Equal(ExitCodes.Usage, noCard.ExitCode);
        Assert.Contains("--arch sm_90", noCard.Error, StringComparison.Ordinal);

        FinishedProcess noCompiler = await NdiffProcess.RunAsync(
            [.. s_nothing, ("NDIFF_CUDA_PATH", empty.Path), ("HOME", empty.Path)], "kernels", "compile", "--arch", "sm_90");
        Assert.Equal(ExitCodes.Failed, noCompiler.ExitCode);
        Assert.Contains("ndiff doctor", noCompiler.Error, StringComparison.Ordinal);
    }
}
