using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Pictures;
using NativeDiffusion.Imaging;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

/// <summary>The command line draws with the real small model, in as few steps as show what is asked.</summary>
public sealed class SampleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_Batch_WritesPicturesAndAGridAndSaysWhere()
    {
        CliRun run = await Sample("the sea at noon", "--seed", "7", "--batch", "2", "--grid");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        foreach (string name in (string[])["00001-7.png", "00002-8.png", "00003-grid.png"])
        {
            Assert.True(File.Exists(_folder.File(name)), name);
            Assert.Contains(_folder.File(name), run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("png", "--profile", "a1111", "--sampler", "DPM++ 2M SDE", "--schedule", "exponential", "--eta", "0.5", "--s-noise", "1.01")]
    [InlineData("png", "--profile", "a1111", "--sampler", "Euler a", "--ensd", "31337", "--variation-seed", "9", "--variation-strength", "0.3")]
    [InlineData("png", "--profile", "a1111", "--rng", "gpu:T4", "--clip-skip", "2", "--emphasis", "no-norm", "--seed-resize-from", "64x96")]
    [InlineData("png", "--profile", "comfy", "--sampler", "Euler a")]
    [InlineData("png", "--profile", "comfy", "--sampler", "Euler a", "--rng", "cpu")]
    [InlineData("png", "--sampler", "DDIMScheduler", "--eta", "0.3", "--guidance-rescale", "0.7")]
    [InlineData("png", "--timesteps", "999,500,10")]
    public async Task Sample_FromAPicture_DrawsTheSameBytes(string format, params string[] more)
    {
        string first = _folder.File($"first.{format}"), again = _folder.File($"again.{format}");
        CliRun drawn = await CliRun.Of([
            "sample", "purple hills at (night:1.2)", "--negative", "fog, \"thick\"", "--steps", "3", "--cfg", "4.5", "--seed", "18446744073709551615", "--size",
                "64x72", "-o", first, .. more]);
        Assert.Equal((ExitCodes.Ok, ""), (drawn.ExitCode, drawn.ExitCode == ExitCodes.Ok ? "" : drawn.Error));

        CliRun run = await CliRun.Of("sample", "--from", first, "-o", again);

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.ExitCode == ExitCodes.Ok ? "" : run.Error));
        Assert.Equal(
            await File.ReadAllBytesAsync(
            first, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sample_Jobs_LinesMayDifferInEverySetting()
    {
        string jobs = _folder.Write("jobs.jsonl", """
            {"prompt": "the sea at noon", "seed": 3, "size": "64x72", "output": "sea"}

            # a remark
            {"prompt": "green hills", "seed": 4, "clip_skip": 2}
            """u8);

        CliRun run = await CliRun.Of("sample", "--jobs", jobs, "--steps", "1", "--size", "64", "-o", _folder.Path, "--json");

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.ExitCode == ExitCodes.Ok ? "" : run.Error));
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement pictures = document.RootElement.GetProperty("pictures");
        Assert.Equal(
            [_folder.File("sea.png"), _folder.File("00001-4.png")], pictures.EnumerateArray().Select(picture => picture.GetProperty("path").GetString()!));
        Assert.Equal([72, 64], pictures.EnumerateArray().Select(picture => picture.GetProperty("height").GetInt32()));
        Assert.Contains("Clip skip: 2", pictures[1].GetProperty("parameters").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_InitImage_StartsFromThePicture()
    {
        await Sample("the sea at noon", "--seed", "1");

        CliRun run = await Sample("the sea at night", "--seed", "1", "--init", _folder.File("00001-1.png"), "--strength", "0.5");

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.ExitCode == ExitCodes.Ok ? "" : run.Error));
        byte[] drawn = await File.ReadAllBytesAsync(_folder.File("00002-1.png"), TestContext.Current.CancellationToken);
        CliRun without = await CliRun.Of("sample", "--from", _folder.File("00002-1.png"), "-o", _folder.Path);
        Assert.Equal(ExitCodes.Usage, without.ExitCode);
        Assert.Contains("--init", without.Error, StringComparison.Ordinal);
        CliRun again = await CliRun.Of("sample", "--from", _folder.File("00002-1.png"), "--init", _folder.File("00001-1.png"), "-o", _folder.File("again.png"));
        Assert.Equal((ExitCodes.Ok, ""), (again.ExitCode, again.ExitCode == ExitCodes.Ok ? "" : again.Error));
        Assert.Equal(drawn, await File.ReadAllBytesAsync(_folder.File("again.png"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sample_Cancelled_StopsAndKeepsNothingHalfDone()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        CliRun run = await CliRun.UntilAsync(["sample", "x", "-o", _folder.Path], stop.Token);

        Assert.Equal(ExitCodes.Cancelled, run.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Theory]
    [InlineData("--steps 0", "--steps", ExitCodes.Usage)]
    [InlineData("--size 63", "multiple of 8", ExitCodes.Usage)]
    [InlineData("--size 5y", "512x768", ExitCodes.Usage)]
    [InlineData("--seed -2", "--seed", ExitCodes.Usage)]
    [InlineData("--profile webui", "diffusers, a1111, comfy", ExitCodes.Usage)]
    [InlineData("--rng cpu:T4", "--rng", ExitCodes.Usage)]
    [InlineData("--rng gpu:Nope", "Nope", ExitCodes.Usage)]
    [InlineData("--sigmas 3,x", "'x'", ExitCodes.Usage)]
    [InlineData("--threads -1", "--threads", ExitCodes.Usage)]
    [InlineData("--device tpu", "'tpu'", ExitCodes.Usage)]
    [InlineData("--clip-skip 99", "99", ExitCodes.Usage)]
    [InlineData("--model nowhere", "'nowhere'", ExitCodes.Failed)]
    [InlineData("--init nowhere.png", "nowhere.png", ExitCodes.Failed)]
    [InlineData("--jobs nowhere.txt", "--jobs", ExitCodes.Usage)]
    [InlineData("--format tiff", "tiff", ExitCodes.Usage)]
    [InlineData("--variation-strength 3", "from 0 to 1", ExitCodes.Usage)]
    public async Task Sample_WrongValue_IsNamed(string arguments, string named, int code)
    {
        CliRun run = await CliRun.Of(["sample", "x", "-o", _folder.Path, .. arguments.Split(' ')]);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Sample_BadJobs_NameTheLine()
    {
        foreach ((string line, string named) in ((string, string)[])[("{\"prompt\": ", "line 2"), ("{\"steps\": \"many\"}", "steps"),
            ("{\"colour\": 1}", "'colour'"), ("{\"prompt\": \"x\", \"output\": \"../x\"}", "'../x'")])
        {
            CliRun run = await CliRun.Of(
                "sample", "--jobs", _folder.Write(
                "bad.jsonl", System.Text.Encoding.UTF8.GetBytes($"# jobs\n{line}\n")), "--steps", "1", "--size", "64", "-o", _folder.File("out"));

            Assert.NotEqual(ExitCodes.Ok, run.ExitCode);
            Assert.NotEqual(ExitCodes.Internal, run.ExitCode);
            Assert.Contains(named, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sample_ModelThatIsNotThere_LeavesNoFolder()
    {
        string folder = _folder.File("new/deep");

        CliRun run = await CliRun.Of("sample", "x", "--model", "nowhere", "-o", folder);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    [Fact]
    public async Task Sample_MaskWithoutPicture_NamesTheOptions()
    {
        string mask = _folder.File("mask.png");
        PictureFile.Write(mask, new RgbImage(64, 64, new byte[64 * 64 * 3]), null, PictureFormat.Png);

        CliRun run = await CliRun.Of("sample", "x", "--mask", mask);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("--mask", run.Error, StringComparison.Ordinal);
        Assert.Contains("--init", run.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> Sample(string prompt, params IEnumerable<string> more) =>
        CliRun.Of(["sample", prompt, "--steps", "2", "--size", "64", "-o", _folder.Path, .. more]);
}
