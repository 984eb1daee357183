using System.CommandLine;
using NativeDiffusion.Cli.Kernels;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff kernels</c>: lists the CUDA kernels, with subcommands to check, compile and profile them.</summary>
internal sealed class KernelsCommand : NdiffCommand
{
    /// <summary>Declares the command.</summary>
    public KernelsCommand()
        : base(
            "kernels", "List the CUDA kernels and what they are compiled for; check, compile and profile them", "ndiff kernels", "ndiff kernels check",
            "ndiff kernels compile --arch sm_90", "ndiff kernels profile gemm --arch sm_90")
    {
        Subcommands.Add(new KernelsCheckCommand());
        Subcommands.Add(new KernelsCompileCommand());
        Subcommands.Add(new KernelsProfileCommand());
    }

    /// <inheritdoc/>
    public override Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        terminal.Table(
            ["kernel", "source", "compute capability"],
            KernelCatalog.All.Select(kernel => (IReadOnlyList<string>)[kernel.Name, kernel.Source, KernelText.Capabilities(kernel)]));
        terminal.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (KernelListing kernel in KernelCatalog.All)
            {
                json.WriteStartObject();
                json.WriteString("name", kernel.Name);
                json.WriteString("source", kernel.Source);
                json.WriteString("hash", kernel.Hash);
                json.WriteNumber("oldestCapability", kernel.OldestCapability);
                if (kernel.NewestCapability != int.MaxValue) json.WriteNumber("newestCapability", kernel.NewestCapability);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return Task.FromResult(ExitCodes.Ok);
    }
}
