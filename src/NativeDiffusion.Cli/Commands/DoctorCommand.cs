using System.CommandLine;
using System.Text.Json;
using NativeDiffusion.Cli.Doctor;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff doctor</c>: reports the machine's capabilities, the models found and the search paths.</summary>
internal sealed class DoctorCommand : NdiffCommand
{
    /// <summary>Declares the command.</summary>
    public DoctorCommand()
        : base("doctor", "Show devices, instruction sets, memory, libraries, and models found", "ndiff doctor", "ndiff doctor --json")
    {
    }

    /// <inheritdoc/>
    public override Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ModelLocator locator = ModelLocator.ForProcess();
        List<FoundModel> models = [.. locator.Models()];
        (string Title, IReadOnlyList<(string Name, string Value)> Facts)[] sections =
        [
            ("program", MachineReport.Program()),
            ("machine", MachineReport.Machine()),
            ("devices", MachineReport.Devices()),
            ("libraries", MachineReport.Libraries()),
        ];
        foreach ((string title, IReadOnlyList<(string Name, string Value)> facts) in sections)
        {
            terminal.Line(title, "bold");
            foreach ((string name, string value) in facts)
                terminal.Line($"  {name,-24} {value}");
        }

        IReadOnlyList<CudaLibraryReport> cuda = CudaLibraries.Report();
        CudaReport.Write(terminal, cuda);
        terminal.Line("models", "bold");
        foreach (FoundModel model in models)
            terminal.Line($"  {model.Name,-24} {model.Kind}, {MachineReport.Bytes(Size(model.Path))}, {model.Path}");
        if (models.Count == 0)
            terminal.Line("  none found", "yellow");
        terminal.Line("  searched");
        foreach (string folder in locator.Searched)
            terminal.Line($"    {folder}{(Directory.Exists(folder) ? "" : " (does not exist)")}");
        terminal.WriteJson(json => Write(json, sections, cuda, models, locator));
        return Task.FromResult(ExitCodes.Ok);
    }

    private static void Write(
        Utf8JsonWriter json, (string Title, IReadOnlyList<(string Name, string Value)> Facts)[] sections, IReadOnlyList<CudaLibraryReport> cuda,
        List<FoundModel> models, ModelLocator locator)
    {
        json.WriteStartObject();
        foreach ((string title, IReadOnlyList<(string Name, string Value)> facts) in sections)
        {
            json.WriteStartObject(title);
            foreach ((string name, string value) in facts)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        CudaReport.Write(json, cuda);
        json.WriteStartArray("models");
        foreach (FoundModel model in models)
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("kind", model.Kind);
            json.WriteString("path", model.Path);
            json.WriteNumber("bytes", Size(model.Path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("searched");
        foreach (string folder in locator.Searched)
            json.WriteStringValue(folder);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static long Size(string path) => File.Exists(path)
        ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
