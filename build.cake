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
    .Description("The libraries, the virtual GPU and the tool as NuGet packages, with symbols, into artifacts/packages.")
    .Does(() =>
    {
        foreach (string project in new[] { "src/NativeDiffusion.Cuda", "src/NativeDiffusion", "src/NativeDiffusion.Verification", "src/NativeDiffusion.VirtualGpu", Cli })
            DotNet($"pack {project} -c {configuration} -o artifacts/packages");
    });

Task("Publish")
    .Description("ndiff as one native program with the tiny model beside it, into artifacts/native/RUNTIME (--runtime=linux-x64). Needs a C linker.")
    .Does(() => DotNet($"publish {Cli} -c {configuration} -r {runtime} -p:PublishAot=true -p:ArtifactsPath={MakeAbsolute(Directory("artifacts/aot"))} -o artifacts/native/{runtime}"));

Task("Bench")
    .Description("Layer shapes and whole networks against ONNX Runtime, with BenchmarkDotNet (--filter=*Conv*), into artifacts/benchmarks.")
    .Does(() => DotNet($"run -c {configuration} --project benchmarks/NativeDiffusion.Benchmarks -- --filter {Argument("filter", "*")} --artifacts artifacts/benchmarks"));

// What takes too long for every change. Each stage has a limit of its own: three times the seconds beside its name, which are
// those of the committed result (two cores of a Zen 4; other work ran beside the earlier stages, so a quiet machine takes less). A stage that fails or
// runs out of time is a row of the result that says why, the rest runs, and the task fails at the end.
Task("Nightly")
    .Description("Soak, full-size models, pictures and every kernel, stage by stage (--stages=soak,full,\"virtual gpu\"); writes benchmarks/results/nightly.md.")
    .Does(() =>
    {
        const string Model = "artifacts/models/sd15-recipe", VirtualGpu = "NativeDiffusion.VirtualGpu.Tests";
        string ndiff = $"run -c {configuration} --no-build --project {Cli} --";
        // The virtual GPU's own tests by namespace; the last of its stages takes what the others leave, so that a new namespace is never forgotten.
        string[] apart = { "Mutations", "Kernels", "CKernels", "RandomPrograms", "Defects", "PtxText", "Cubin" };
        string In(params string[] spaces) => string.Join(' ', spaces.Select(space => $"-namespace {VirtualGpu}.{space}"));
        var stages = new List<(string Name, int QuietSeconds, Func<TimeSpan, string> Run)>
        {
            ("verify", 80, limit => NightlyVerify(limit, $"{ndiff} verify tests/goldens --full --json")),
            ("soak", 200, limit => NightlySoak(limit, $"{ndiff} bench --repeat 200 --steps 20 --json")),
            ("threads", 20, limit => NightlyVerify(limit, $"{ndiff} verify tests/goldens --only pictures* --threads 1 --json")),
            ("pictures", 45, limit => NightlyLastLine(limit, $"run -c {configuration} scripts/picture-hashes.cs")),
            ("kernels", 145, limit => NightlyTests(limit, "NativeDiffusion.Tests", "-class *KernelCompilationTests -class *ShippedPtxTests")),
            // A process of its own: NVRTC's newest makes other code of the same kernels once it has compiled with other options.
            ("budgets", 90, limit => NightlyTests(limit, VirtualGpu, "-class *KernelBudgetTests")),
            ("virtual gpu: mutations", 120, limit => NightlyTests(limit, VirtualGpu, In("Mutations"))),
            ("virtual gpu: kernels", 60, limit => NightlyTests(limit, VirtualGpu, $"{In("Kernels")} -class- *KernelBudgetTests")),
            ("virtual gpu: c kernels", 60, limit => NightlyTests(limit, VirtualGpu, In("CKernels"))),
            ("virtual gpu: random programs", 360, limit => NightlyTests(limit, VirtualGpu, In("RandomPrograms", "PtxText"))),
            ("virtual gpu: defects", 250, limit => NightlyTests(limit, VirtualGpu, In("Defects"))),
            ("virtual gpu: cubins", 105, limit => NightlyTests(limit, VirtualGpu, In("Cubin"))),
            ("virtual gpu: rest", 60, limit => NightlyTests(limit, VirtualGpu, In(apart).Replace("-namespace ", "-namespace- "))),
            ("checkpoint", 20, limit => NightlyCheckpoint(limit, Model)),
            ("full 512", 85, limit => NightlyBench(limit, $"{ndiff} bench --model {Model} --size 512 --steps 3 --repeat 1 --json")),
            ("full 1024", 355, limit => NightlyBench(limit, $"{ndiff} bench --model {Model} --size 1024 --steps 1 --repeat 1 --json")),
        };
        string only = Argument("stages", "");
        string[] parts = only.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string unknown = parts.FirstOrDefault(part => !stages.Any(stage => stage.Name.StartsWith(part)));
        if (unknown != null)
            throw new CakeException($"No stage begins with '{unknown}' (--stages). The stages are {string.Join(", ", stages.Select(stage => stage.Name))}.");
        if (parts.Length > 0) stages.RemoveAll(stage => !parts.Any(part => stage.Name.StartsWith(part)));
        // What is not built anew would be judged as if it were: without the build no stage runs.
        stages.Insert(0, ("build", 300, limit => NightlyLastLine(limit, $"build {Solution} -c {configuration} -v q --nologo", "built")));

        var rows = new List<string>();
        var failed = new List<string>();
        string machine = "The machine is not known: ndiff doctor has not run.";
        foreach (var (name, quiet, run) in stages)
        {
            Information($"Nightly stage: {name}");
            TimeSpan limit = TimeSpan.FromSeconds(3 * quiet);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            string result;
            try
            {
                result = run(limit);
                if (name == "build") machine = NightlyMachine(TimeSpan.FromMinutes(3), ndiff);
            }
            catch (Exception exception)
            {
                Error($"{name}: {exception.Message}");
                result = $"**failed**: {exception.Message}";
                failed.Add(name);
            }

            rows.Add($"| {name} | {NightlyCell(result)} | {watch.Elapsed.TotalSeconds:0} s | {limit.TotalSeconds:0} s |");
            // After every stage, so that the result is there whatever happens to this process.
            NightlyWrite(machine, parts.Length > 0 ? $" Only the stages that begin with {string.Join(" or ", parts)}." : "", rows);
            if (name == "build" && failed.Count > 0) break;
        }

        if (failed.Count > 0) throw new CakeException($"Nightly stages failed: {string.Join(", ", failed)}. benchmarks/results/nightly.md says why.");
    });

void NightlyWrite(string machine, string selection, List<string> rows)
{
    EnsureDirectoryExists("benchmarks/results");
    System.IO.File.WriteAllLines("benchmarks/results/nightly.md", new[]
    {
        "# Nightly", "", $"{DateTime.UtcNow:yyyy-MM-dd}. {machine}{selection}", "", "| stage | result | time | limit |", "|---|---|---|---|",
    }.Concat(rows));
}

// A cell of the table is one line, and not a screen of it.
string NightlyCell(string text)
{
    string line = System.Text.RegularExpressions.Regex.Replace(text, @"\s+", " ").Trim().Replace("|", "\\|");
    return line.Length > 400 ? line.Substring(0, 400) + " …" : line;
}

(int ExitCode, string Output, string Errors) NightlyProcess(TimeSpan limit, string arguments, bool everything = false)
{
    var start = new System.Diagnostics.ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
    // A build server that stays would hold the output open.
    start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
    start.Environment["UseSharedCompilation"] = "false";
    if (everything) start.Environment["NDIFF_NIGHTLY"] = "1";
    using var process = System.Diagnostics.Process.Start(start);
    var output = process.StandardOutput.ReadToEndAsync();
    var errors = process.StandardError.ReadToEndAsync();
    if (!process.WaitForExit((int)limit.TotalMilliseconds))
    {
        process.Kill(entireProcessTree: true);
        throw new CakeException($"took more than {limit.TotalSeconds:0} s, three times its quiet time: dotnet {arguments}");
    }

    if (!System.Threading.Tasks.Task.WaitAll(new System.Threading.Tasks.Task[] { output, errors }, TimeSpan.FromMinutes(1)))
        throw new CakeException($"left a process behind that holds its output open: dotnet {arguments}");
    if (process.ExitCode != 0) Error($"{output.Result}\n{errors.Result}");
    return (process.ExitCode, output.Result, errors.Result);
}

// What an ending with a code says: the first line of its errors, else the last of its output.
string NightlyOutput(TimeSpan limit, string arguments)
{
    var (code, output, errors) = NightlyProcess(limit, arguments);
    if (code == 0) return output;
    string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    throw new CakeException($"{Lines(errors).FirstOrDefault() ?? Lines(output).LastOrDefault() ?? "it said nothing"} (exit code {code} of dotnet {arguments})");
}

string NightlyLastLine(TimeSpan limit, string arguments, string silence = "it said nothing") =>
    NightlyOutput(limit, arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? silence;

string NightlyMachine(TimeSpan limit, string ndiff)
{
    using var report = System.Text.Json.JsonDocument.Parse(NightlyOutput(limit, $"{ndiff} doctor --json"));
    string Fact(string name) => report.RootElement.GetProperty("machine").GetProperty(name).GetString();
    return $"{Fact("processor")}, {Fact("threads")} threads, {Fact("instruction sets")}.";
}

string NightlyCheckpoint(TimeSpan limit, string model)
{
    NightlyOutput(limit, $"run -c {configuration} --no-build --project benchmarks/NativeDiffusion.Benchmarks -- write-sd15 {model}");
    return "Stable Diffusion 1.5 written as fp16";
}

// Every kernel and variant for every architecture, every mutation; kernels/README.md names the variables that say where the compilers are.
string NightlyTests(TimeSpan limit, string project, string filter)
{
    string program = $"artifacts/bin/{project}/{configuration.ToLowerInvariant()}/{project}.dll";
    var (code, output, errors) = NightlyProcess(limit, $"{program} -noColor {filter}", everything: true);
    var counts = System.Text.RegularExpressions.Regex.Match(output, @"Total: (\d+).*Failed: (\d+), Skipped: (\d+)");
    // The summary of no test at all has a total alone.
    if (!counts.Success) throw new CakeException($"no test ran to its end ({filter}), exit code {code}: {errors}");
    string summary = $"{counts.Groups[1].Value} tests, {counts.Groups[2].Value} failed, {counts.Groups[3].Value} skipped for want of a compiler";
    if (code == 0) return summary;
    var names = System.Text.RegularExpressions.Regex.Matches(output, @"^\s*(\S.*?) \[FAIL\]", System.Text.RegularExpressions.RegexOptions.Multiline);
    throw new CakeException($"{summary} (exit code {code}): {string.Join(", ", names.Select(name => name.Groups[1].Value).Take(5))}");
}

string NightlyVerify(TimeSpan limit, string arguments)
{
    // A miss is exit code 1 and a report; anything else has no report.
    var (code, json, errors) = NightlyProcess(limit, arguments);
    if (!json.StartsWith("{")) throw new CakeException($"no report, exit code {code}: {errors}");
    using var document = System.Text.Json.JsonDocument.Parse(json);
    int Count(string name) => document.RootElement.GetProperty(name).GetInt32();
    string summary = $"{Count("passed")} passed, {Count("missed")} missed, {Count("skipped")} skipped";
    if (code == 0) return summary;
    var misses = document.RootElement.GetProperty("cases").EnumerateArray().Where(one => one.GetProperty("verdict").GetString() == "missed");
    throw new CakeException($"{summary}: {string.Join(", ", misses.Select(one => one.GetProperty("name").GetString()).Take(5))}");
}

string NightlyBench(TimeSpan limit, string arguments) => NightlyTimes(NightlyOutput(limit, arguments));

string NightlyTimes(string json)
{
    using var document = System.Text.Json.JsonDocument.Parse(json);
    double Median(string stage) => document.RootElement.GetProperty("stages").GetProperty(stage).GetProperty("median").GetDouble();
    double rate = document.RootElement.GetProperty("stages").GetProperty("denoise").GetProperty("iterationsPerSecond").GetDouble();
    double gigabytes = document.RootElement.GetProperty("privateBytes").GetInt64() / 1e9;
    return FormattableString.Invariant($"open {Median("open"):0.0} s, {1 / rate:0.000} s an evaluation of both halves, decode {Median("decode"):0.00} s, private memory {gigabytes:0.0} GB");
}

string NightlySoak(TimeSpan limit, string arguments)
{
    string json = NightlyOutput(limit, arguments);
    using var document = System.Text.Json.JsonDocument.Parse(json);
    double before = document.RootElement.GetProperty("privateBytesAfterOpening").GetInt64() / 1e6, after = document.RootElement.GetProperty("privateBytes").GetInt64() / 1e6;
    if (after > before + 300) throw new CakeException(FormattableString.Invariant($"Memory grew from {before:0} to {after:0} MB over the soak."));
    return FormattableString.Invariant($"{NightlyTimes(json)} ({before:0} MB after opening)");
}

Task("Default")
    .Description("Build and Test.")
    .IsDependentOn("Build")
    .IsDependentOn("Test");

RunTarget(target);
