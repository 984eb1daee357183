using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Commands;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Verify;

public sealed class GoldenVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_JsonAndTensorPairs_AreOneFileEach()
    {
        Fill(
            "a-one.json", "a-one.safetensors", "a-alone.safetensors", "lora.json", "lora-outputs.safetensors", "README.md", "pictures/pictures.json",
            "pictures/latents.safetensors", "lora/x.safetensors");

        var verifier = new GoldenVerifier(new VerifyOptions(_folder.Path), [new FakeCheck("a-")]);

        Assert.Equal(["a-alone", "a-one", "lora", "pictures"], verifier.Files.Select(file => file.Name));
        Assert.Equal([true, true, false, false], verifier.Files.Select(file => file.Check is not null));
    }

    [Fact]
    public void Run_EveryKindOfEnd_HasItsVerdict()
    {
        Fill("a-one.json", "b-none.json");
        var check = new FakeCheck(
            "a-",
            new VerifyCase("a-one/pass", 0, _ => VerifyResult.Judge(1e-7, 1e-6)),
            new VerifyCase("a-one/miss", 0, _ => VerifyResult.Judge(1e-5, 1e-6)),
            new VerifyCase("a-one/nan", 0, _ => VerifyResult.Judge(double.NaN, 1e-6)),
            new VerifyCase("a-one/throws", 0, _ => throw new InvalidDataException("broken file")),
            new VerifyCase("a-one/refused", 0, _ => throw new NotSupportedException("no such solver")),
            new VerifyCase("a-one/long", 1e9, _ => throw new InvalidOperationException("must not run")));

        List<GoldenOutcome> outcomes = [.. new GoldenVerifier(new VerifyOptions(_folder.Path), [check]).Run(null, TestContext.Current.CancellationToken)];

        Assert.Equal(
            [VerifyVerdict.Passed, VerifyVerdict.Missed, VerifyVerdict.Missed, VerifyVerdict.Missed, VerifyVerdict.Skipped, VerifyVerdict.Skipped,
                VerifyVerdict.Skipped],
            outcomes.Select(outcome => outcome.Result.Verdict));
        Assert.Contains("broken file", outcomes[3].Result.Detail, StringComparison.Ordinal);
        Assert.Contains("--full", outcomes[5].Result.Detail, StringComparison.Ordinal);
        Assert.Contains("b-none.json", outcomes[6].Result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnreadableFile_IsAMissOfThatFileAlone()
    {
        Fill("a-bad.json", "b-good.json");
        var verifier = new GoldenVerifier(
            new VerifyOptions(_folder.Path),
            [new FakeCheck("a-", broken: true), new FakeCheck("b-", new VerifyCase("b-good/0", 0, _ => VerifyResult.Judge(0, 0)))]);

        List<GoldenOutcome> outcomes = [.. verifier.Run(null, TestContext.Current.CancellationToken)];

        Assert.Equal(["a-bad", "b-good/0"], outcomes.Select(outcome => outcome.Name));
        Assert.Equal([VerifyVerdict.Missed, VerifyVerdict.Passed], outcomes.Select(outcome => outcome.Result.Verdict));
    }

    [Theory]
    [InlineData("a-*", 2)]
    [InlineData("a-one", 2)]
    [InlineData("a-one/0", 1)]
    [InlineData("*/1", 1)]
    [InlineData("c-*", 0)]
    public void Run_Only_SelectsFilesAndCases(string only, int expected)
    {
        Fill("a-one.json", "b-none.json");
        var check = new FakeCheck(
            "a-", new VerifyCase("a-one/0", 0, _ => VerifyResult.Judge(0, 0)), new VerifyCase("a-one/1", 0, _ => VerifyResult.Judge(0, 0)));

        Assert.Equal(
            expected, new GoldenVerifier(new VerifyOptions(_folder.Path) { Only = only }, [check]).Run(null, TestContext.Current.CancellationToken).Count());
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        Fill("a-one.json");
        using var stop = new CancellationTokenSource();
        var check = new FakeCheck(
            "a-",
            new VerifyCase("a-one/0", 0, _ =>
            {
                stop.Cancel();
                return VerifyResult.Judge(0, 0);
            }),
            new VerifyCase("a-one/1", 0, _ => throw new InvalidOperationException("must not run")));

        Assert.Throws<OperationCanceledException>(() => new GoldenVerifier(new VerifyOptions(_folder.Path), [check]).Run(null, stop.Token).Count());
    }

    [Theory]
    [InlineData(1e-7, false, ExitCodes.Ok)]
    [InlineData(1e-7, true, ExitCodes.Failed)]
    [InlineData(1e-5, false, ExitCodes.Failed)]
    public async Task Command_MissesAndStrictSkips_DecideTheExitCode(double error, bool strict, int expected)
    {
        Fill("a-one.json", "b-none.json");
        using var output = new StringWriter();
        var command = new VerifyCommand([new FakeCheck("a-", new VerifyCase("a-one/0", 0, _ => VerifyResult.Judge(error, 1e-6)))]);

        int code = await command.RunAsync(
            command.Parse(strict ? [_folder.Path, "--strict"] : [_folder.Path]), new Terminal(output, TextWriter.Null), TestContext.Current.CancellationToken);

        Assert.Equal(expected, code);
        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("a-one/0", lines[0], StringComparison.Ordinal);
        Assert.Contains("budget 1.00e-6", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("skip", lines[1], StringComparison.Ordinal);
        Assert.Contains("1 skipped", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_Json_HoldsEveryCaseAndNoNaN()
    {
        Fill("a-one.json", "b-none.json");
        using var output = new StringWriter();
        var command = new VerifyCommand([new FakeCheck("a-", new VerifyCase("a-one/0", 0, _ => VerifyResult.Judge(double.NaN, 1e-6, "worst at 3")))]);

        await command.RunAsync(command.Parse([_folder.Path]), new Terminal(output, TextWriter.Null, json: true), TestContext.Current.CancellationToken);

        using JsonDocument document = JsonDocument.Parse(output.ToString());
        JsonElement root = document.RootElement;
        Assert.Equal(1, root.GetProperty("missed").GetInt32());
        Assert.Equal(1, root.GetProperty("skipped").GetInt32());
        Assert.False(root.GetProperty("ok").GetBoolean());
        JsonElement first = root.GetProperty("cases")[0];
        Assert.Equal(JsonValueKind.Null, first.GetProperty("error").ValueKind);
        Assert.Equal("worst at 3", first.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("verify", "nowhere", "nowhere'")]
    [InlineData("verify", "nowhere --models nowhere-else", "'nowhere-else'")]
    [InlineData("verify", "nowhere --device cuda:0", "no device cuda:0")]
    public async Task Command_WrongPlaces_AreNamed(string command, string rest, string named)
    {
        Cli.CliRun run = await Cli.CliRun.Of([command, .. rest.Split(' ')]);

        Assert.NotEqual(ExitCodes.Ok, run.ExitCode);
        Assert.NotEqual(ExitCodes.Internal, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verifier_WithoutFolderGoldensOrDevice_SaysWhatToDo()
    {
        Assert.Contains("Use a folder", Assert.Throws<DirectoryNotFoundException>(() => new GoldenVerifier(new(_folder.File("none")))).Message,
            StringComparison.Ordinal);
        Assert.Contains("no goldens", Assert.Throws<InvalidDataException>(() => new GoldenVerifier(new(_folder.Path))).Message, StringComparison.Ordinal);
        Assert.Contains("available are cpu", Assert.Throws<ArgumentException>(() => new GoldenVerifier(new(_folder.Path) { Device = "tpu" })).Message,
            StringComparison.Ordinal);
    }

    private void Fill(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            _folder.Write(name, "{}"u8);
    }

    private sealed class FakeCheck(string beginning, params VerifyCase[] cases) : IGoldenCheck
    {
        private readonly bool _broken;

        public FakeCheck(string beginning, bool broken)
            : this(beginning) => _broken = broken;

        public bool Handles(string fileName) => fileName.StartsWith(beginning, StringComparison.Ordinal);

        public IEnumerable<VerifyCase> Cases(string path) => _broken ? throw new InvalidDataException("no JSON") : cases;
    }
}
