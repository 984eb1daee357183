using System.Diagnostics;
using System.Globalization;
using NativeDiffusion.Benchmarks.Layers;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.Benchmarks.Executor;

/// <summary>
/// How long counting one step of Stable Diffusion 1.5 takes: every layer of a guided evaluation (two pictures) launched on a virtual H100 as often as the
/// network
/// runs it. A convolution is the product of the same size that an implicit one will be; attention is two products and a softmax for each head.
/// </summary>
internal static class StepTable
{
    private const int Batch = 2;

    public static void Run(TextWriter output)
    {
        using var card = new VirtualCard(new VirtualGpuOptions { Devices = [DeviceModel.H100], IsCounting = true, HasChecks = false });
        using ContextScope scope = card.Context.Enter();
        using var kernels = new KernelLaunches(card);
        var total = new Dictionary<string, (int Launches, long Flops, long Instructions, double Seconds)>(StringComparer.Ordinal);
        long start = Stopwatch.GetTimestamp();
        foreach (Layer layer in Sd15Layers.All)
        {
            card.Forget();
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < layer.Count; i++) Launch(kernels, layer);
            card.Stream.Synchronize();
            string kind = layer.ToString()!.Split(' ')[0];
            (int launches, long flops, long instructions, double seconds) = total.GetValueOrDefault(kind);
            total[kind] = (launches + card.Launches.Count, flops + card.Launches.Sum(launch => launch.TensorFlops),
                instructions + card.Launches.Sum(launch => launch.WarpInstructions), seconds + Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        double whole = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine("| layers | launches | tensor TFLOP | M warp-instructions | seconds |");
        output.WriteLine("|---|---|---|---|---|");
        foreach ((string kind, (int launches, long flops, long instructions, double seconds)) in total)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {kind} | {launches} | {flops / 1e12:F3} | {instructions / 1e6:F0} | {seconds:F1} |"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| all | {total.Values.Sum(one => one.Launches)} | {total.Values.Sum(one => one.Flops) / 1e12:F3} | "
                + $"{total.Values.Sum(one => one.Instructions) / 1e6:F0} | {whole:F1} |"));
    }

    private static void Launch(KernelLaunches kernels, Layer layer)
    {
        switch (layer)
        {
            case ConvolutionLayer convolution:
                kernels.Gemm(Batch * convolution.Size * convolution.Size, convolution.Inputs * convolution.Kernel * convolution.Kernel, convolution.Outputs);
                break;
            case LinearLayer linear:
                kernels.Gemm(Batch * linear.Rows, linear.Inputs, linear.Outputs);
                break;
            case AttentionLayer attention:
                for (int head = 0; head < Batch * attention.Heads; head++)
                {
                    kernels.Gemm(attention.QueryTokens, attention.HeadDim, attention.KeyTokens);
                    kernels.Softmax(attention.QueryTokens, attention.KeyTokens);
                    kernels.Gemm(attention.QueryTokens, attention.KeyTokens, attention.HeadDim);
                }
                break;
            case GroupNormLayer norm:
                kernels.GroupNorm(Batch, norm.Channels, norm.Size * norm.Size);
                break;
            default:
                throw new NotSupportedException($"{layer.GetType().Name} has no kernel to count.");
        }
    }
}
