using NativeDiffusion.Cli.Output;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>The profile of a user's cubin.</summary>
internal static class CubinProfile
{
    /// <summary>Writes the machine code's numbers of its kernels, or of those that begin with a name.</summary>
    public static void Write(Terminal terminal, string file, string? name)
    {
        if (!File.Exists(file)) throw new CliException($"There is no file '{file}'.", ExitCodes.Usage);
        CubinFile cubin;
        try
        {
            cubin = CubinFile.Open(file);
        }
        catch (CubinException exception)
        {
            throw new CliException(exception.Message, innerException: exception);
        }

        // The file does not name its compiler.
        CubinBudget[] kernels =
            [.. cubin.Kernels.Where(kernel => name is null || kernel.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)).Select(
            kernel => CubinBudget.Of(kernel, cubin.Target, "-"))];
        if (kernels.Length == 0)
            throw new CliException(
                $"{file} has no kernel with the prefix '{name}'; it has {string.Join(", ", cubin.Kernels.Select(kernel => kernel.Name))}.", ExitCodes.Usage);
        terminal.Table(KernelProfileReport.CodeHeads, kernels.Select(kernel => KernelProfileReport.Code(Path.GetFileName(file), kernel)));
        terminal.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (CubinBudget kernel in kernels) KernelProfileJson.Write(json, kernel);
            json.WriteEndArray();
        });
    }
}
