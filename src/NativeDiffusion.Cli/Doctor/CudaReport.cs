using System.Text.Json;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cli.Doctor;

/// <summary>NVIDIA's libraries: their locations, the attempts for those not found, and how to install them.</summary>
internal static class CudaReport
{
    /// <summary>Writes the section as text.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<CudaLibraryReport> libraries)
    {
        terminal.Line("CUDA", "bold");
        foreach (CudaLibraryReport library in libraries)
        {
            terminal.Line($"  {library.Name,-24} {Found(library)} ({library.Purpose})");
            if (library.Advice is not null)
                terminal.Line($"  {"",-24} {library.Advice}", "yellow");
            // For a library that was found, earlier attempts show why it was not another one.
            (string names, IReadOnlyList<string> places) = TriedPlaces.Of(library.Tried.Where(place => place != library.Path));
            if (places.Count > 0)
                terminal.Line($"  {"",-24} {(library.Path is null ? "searched" : "searched first")} for {names} in");
            foreach (string place in places)
                terminal.Line($"  {"",-26} {place}");
        }
    }

    /// <summary>Writes the section as JSON: an array named <c>cuda</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<CudaLibraryReport> libraries)
    {
        json.WriteStartArray("cuda");
        foreach (CudaLibraryReport library in libraries)
        {
            json.WriteStartObject();
            json.WriteString("name", library.Name);
            json.WriteString("purpose", library.Purpose);
            json.WriteString("path", library.Path);
            json.WriteString("version", library.Version);
            json.WriteString("advice", library.Advice);
            json.WriteStartArray("tried");
            foreach (string place in library.Tried)
                json.WriteStringValue(place);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Found(CudaLibraryReport library) => library switch
    {
        { Path: null } => "not found",
        { Version: null } => library.Path,
        _ => $"{library.Version}, {library.Path}",
    };
}
