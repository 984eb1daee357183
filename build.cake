// The build, one task a command: dotnet tool restore && dotnet cake --target=Pack
// Each task calls what a developer would type; the README lists the same commands.

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");
var runtime = Argument("runtime", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier);
const string Solution = "NativeDiffusion.sln";
const string Cli = "src/NativeDiffusion.Cli";

void DotNet(string arguments)
{
    int code = StartProcess("dotnet", new ProcessSettings { Arguments = arguments });
    if (code != 0) throw new CakeException(code, $"dotnet {arguments} ended with exit code {code}.");
}

Task("Build")
    .Description("Compiles everything; warnings are errors.")
    .Does(() => DotNet($"build {Solution} -c {configuration}"));

Task("Test")
    .Description("Every test, within 15 minutes on two cores.")
    .Does(() => DotNet($"test --solution {Solution} -c {configuration}"));

Task("Pack")
    .Description("The library, the virtual GPU and the tool as NuGet packages, with symbols, into artifacts/packages.")
    .Does(() =>
    {
        foreach (string project in new[] { "src/NativeDiffusion", "src/NativeDiffusion.VirtualGpu", Cli })
            DotNet($"pack {project} -c {configuration} -o artifacts/packages");
    });

Task("Publish")
    .Description("ndiff as one native program with the tiny model beside it, into artifacts/native/RUNTIME (--runtime=linux-x64). Needs a C linker.")
    .Does(() => DotNet($"publish {Cli} -c {configuration} -r {runtime} -p:PublishAot=true -p:ArtifactsPath={MakeAbsolute(Directory("artifacts/aot"))} -o artifacts/native/{runtime}"));

Task("Bench")
    .Description("Layer shapes and whole networks against ONNX Runtime, with BenchmarkDotNet (--filter=*Conv*), into artifacts/benchmarks.")
    .Does(() => DotNet($"run -c {configuration} --project benchmarks/NativeDiffusion.Benchmarks -- --filter {Argument("filter", "*")} --artifacts artifacts/benchmarks"));

// What takes too long for every change: each stage within ten minutes on two cores, the last result kept in the repository.
Task("Nightly")
    .Description("Soak, full-size models and the native program, in stages of at most 10 minutes (--stages=soak,full); writes benchmarks/results/nightly.md.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        const string Model = "artifacts/models/sd15-recipe";
        string ndiff = $"run -c {configuration} --no-build --project {Cli} --";
        var report = new List<string>();
        var stages = new List<(string Name, Func<string> Run)>
        {
            ("verify", () => NightlyVerify(Nightly($"{ndiff} verify tests/goldens --full --json"))),
            ("soak", () => NightlySoak(Nightly($"{ndiff} bench --repeat 200 --steps 20 --json"))),
            ("threads", () => NightlyVerify(Nightly($"{ndiff} verify tests/goldens --only pictures* --threads 1 --json"))),
            ("kernels", () => NightlyTests("NativeDiffusion.Tests", "-class *KernelCompilerTests -class *ShippedPtxTests")),
            // A process of its own: NVRTC's newest makes other code of the same kernels once it has compiled with other options.
            ("budgets", () => NightlyTests("NativeDiffusion.VirtualGpu.Tests", "-class *KernelBudgetTests")),
            ("virtual gpu", () => NightlyTests("NativeDiffusion.VirtualGpu.Tests", "-class- *KernelBudgetTests")),
            ("checkpoint", () => { Nightly($"run -c {configuration} --no-build --project benchmarks/NativeDiffusion.Benchmarks -- write-sd15 {Model}"); return "Stable Diffusion 1.5 written as fp16"; }),
            ("full 512", () => NightlyBench(Nightly($"{ndiff} bench --model {Model} --size 512 --steps 3 --repeat 1 --json"))),
            ("full 1024", () => NightlyBench(Nightly($"{ndiff} bench --model {Model} --size 1024 --steps 1 --repeat 1 --json"))),
        };
        string only = Argument("stages", "");
        foreach (var (name, run) in stages.Where(stage => only.Length == 0 || only.Split(',').Any(part => stage.Name.StartsWith(part))))
        {
            Information($"Nightly stage: {name}");
            var watch = System.Diagnostics.Stopwatch.StartNew();
            report.Add($"| {name} | {run()} | {watch.Elapsed.TotalSeconds:0} s |");
        }

        using var machine = System.Text.Json.JsonDocument.Parse(Nightly($"{ndiff} doctor --json"));
        string Fact(string name) => machine.RootElement.GetProperty("machine").GetProperty(name).GetString();
        EnsureDirectoryExists("benchmarks/results");
        System.IO.File.WriteAllLines("benchmarks/results/nightly.md", new[]
        {
            "# Nightly", "", $"{DateTime.UtcNow:yyyy-MM-dd}, {Fact("processor")}, {Fact("threads")} threads, {Fact("instruction sets")}.", "",
            "| stage | result | time |", "|---|---|---|",
        }.Concat(report));
    });

string Nightly(string arguments)
{
    var start = new System.Diagnostics.ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
    using var process = System.Diagnostics.Process.Start(start);
    var output = process.StandardOutput.ReadToEndAsync();
    if (!process.WaitForExit(10 * 60 * 1000))
    {
        process.Kill(entireProcessTree: true);
        throw new CakeException($"The stage took more than 10 minutes: dotnet {arguments}");
    }

    if (process.ExitCode != 0) throw new CakeException(process.ExitCode, $"dotnet {arguments} ended with exit code {process.ExitCode}.\n{output.Result}");
    return output.Result;
}

// Every kernel and variant for every architecture, every mutation; kernels/README.md names the variables that say where the compilers are.
string NightlyTests(string project, string filter)
{
    System.Environment.SetEnvironmentVariable("NDIFF_NIGHTLY", "1");
    string output = Nightly($"artifacts/bin/{project}/{configuration.ToLowerInvariant()}/{project}.dll -noColor {filter}");
    var counts = System.Text.RegularExpressions.Regex.Match(output, @"Total: (\d+).*Failed: (\d+), Skipped: (\d+)");
    return $"{counts.Groups[1].Value} tests, {counts.Groups[2].Value} failed, {counts.Groups[3].Value} skipped for want of a compiler";
}

string NightlyVerify(string json)
{
    using var document = System.Text.Json.JsonDocument.Parse(json);
    int Count(string name) => document.RootElement.GetProperty(name).GetInt32();
    return $"{Count("passed")} passed, {Count("missed")} missed, {Count("skipped")} skipped";
}

string NightlyBench(string json)
{
    using var document = System.Text.Json.JsonDocument.Parse(json);
    double Median(string stage) => document.RootElement.GetProperty("stages").GetProperty(stage).GetProperty("median").GetDouble();
    double rate = document.RootElement.GetProperty("stages").GetProperty("denoise").GetProperty("iterationsPerSecond").GetDouble();
    double gigabytes = document.RootElement.GetProperty("privateBytes").GetInt64() / 1e9;
    return FormattableString.Invariant($"open {Median("open"):0.0} s, {1 / rate:0.000} s an evaluation of both halves, decode {Median("decode"):0.00} s, private memory {gigabytes:0.0} GB");
}

string NightlySoak(string json)
{
    using var document = System.Text.Json.JsonDocument.Parse(json);
    double before = document.RootElement.GetProperty("privateBytesAfterOpening").GetInt64() / 1e6, after = document.RootElement.GetProperty("privateBytes").GetInt64() / 1e6;
    if (after > before + 300) throw new CakeException(FormattableString.Invariant($"Memory grew from {before:0} to {after:0} MB over the soak."));
    return FormattableString.Invariant($"{NightlyBench(json)} ({before:0} MB after opening)");
}

Task("Default")
    .Description("Build and Test.")
    .IsDependentOn("Build")
    .IsDependentOn("Test");

RunTarget(target);
