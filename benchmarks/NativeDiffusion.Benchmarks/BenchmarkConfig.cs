using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace NativeDiffusion.Benchmarks;

/// <summary>One short job in this process, so that both engines meet the same machine within seconds.</summary>
internal static class BenchmarkConfig
{
    /// <summary>Threads of both engines: NDIFF_BENCH_THREADS, else all cores.</summary>
    public static int Threads =>
        int.TryParse(Environment.GetEnvironmentVariable("NDIFF_BENCH_THREADS"), out int threads) ? threads : Environment.ProcessorCount;

    /// <summary>The configuration of every suite.</summary>
    public static IConfig Create() => ManualConfig.CreateEmpty()
        .AddJob(
            Job.Default.WithToolchain(
            InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(7).WithInvocationCount(1).WithUnrollFactor(1).WithId("short"))
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddExporter(MarkdownExporter.GitHub);
}
