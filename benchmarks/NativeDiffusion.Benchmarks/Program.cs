using System.Globalization;
using BenchmarkDotNet.Running;
using NativeDiffusion.Benchmarks;
using NativeDiffusion.Benchmarks.Executor;
using NativeDiffusion.Benchmarks.Kernels;

// "paired [part of a layer's name]": all layers on both engines in turns. "write-sd15 FOLDER": a full-size checkpoint from the recipe.
// "kernels [part of a name and shape]": every CUDA kernel on the first card; without a card what the virtual GPU counts, and estimates.
// "virtual-gpu [part of a row] [seconds each]": the PTX executor's speed on one core; "virtual-gpu-step": how long counting one step of SD1.5 takes. Anything
// else goes to BenchmarkDotNet, for example --filter *Conv2d*.
switch (args)
{
    case ["paired", .. var rest]:
        PairedTable.Run(rest.Length > 0 ? rest[0] : "", Console.Out);
        break;
    case ["write-sd15", string folder]:
        Sd15Checkpoint.Write(folder);
        break;
    case ["virtual-gpu", .. var rest]:
        ExecutorTable.Run(
            rest.Length > 0 ? rest[0] : "", TimeSpan.FromSeconds(rest.Length > 1 ? double.Parse(rest[1], CultureInfo.InvariantCulture) : 3), Console.Out);
        break;
    case ["kernels", .. var rest]:
        KernelTable.Run(rest.Length > 0 ? rest[0] : "", Console.Out);
        break;
    case ["virtual-gpu-step"]:
        StepTable.Run(Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkConfig).Assembly).Run(args, BenchmarkConfig.Create());
        break;
}
