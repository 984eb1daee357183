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
    .Description("The library and the tool as NuGet packages, with symbols, into artifacts/packages.")
    .Does(() =>
    {
        foreach (string project in new[] { "src/NativeDiffusion", Cli })
            DotNet($"pack {project} -c {configuration} -o artifacts/packages");
    });

Task("Publish")
    .Description("ndiff as one native program with the tiny model beside it, into artifacts/native/RUNTIME (--runtime=linux-x64). Needs a C linker.")
    .Does(() => DotNet($"publish {Cli} -c {configuration} -r {runtime} -p:PublishAot=true -p:ArtifactsPath={MakeAbsolute(Directory("artifacts/aot"))} -o artifacts/native/{runtime}"));

Task("Default")
    .Description("Build and Test.")
    .IsDependentOn("Build")
    .IsDependentOn("Test");

RunTarget(target);
