using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Patterns of real kernels, compiled by NVRTC: correct ones are clean, and each with one statement missing is reported.</summary>
public sealed class PatternTests
{
    private static readonly Dictionary<string, IReadOnlyList<Pattern>> s_sources = new() { ["patterns.cu"] = Patterns.All, ["programs.cu"] = Programs.All };
    private static readonly Dictionary<(string, int, bool), string> s_ptx = [];

    public static TheoryData<string, string> Names() => [.. s_sources.SelectMany(source => source.Value.Select(pattern => (source.Key, pattern.Name)))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Right_IsClean(string source, string name)
    {
        Pattern pattern = s_sources[source].Single(pattern => pattern.Name == name);
        foreach (int version in new[] { 12, 13 })
        {
            foreach (ExecutionOptions options in DefectKernel.Ways().Append(new ExecutionOptions { Workers = 2, IsAdversarial = true }))
            {
                (IReadOnlyList<Finding> findings, float[] results) = Run(Ptx(source, version, false), pattern, options);
                Assert.True(findings.Count == 0, $"NVRTC {version}, {options}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}");
                for (int i = 0; i < pattern.Count; i++)
                    Assert.True(results[i] == pattern.Expected(i), $"NVRTC {version}, {options}: {i} holds {results[i]}, not {pattern.Expected(i)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_IsFound(string source, string name)
    {
        Pattern pattern = s_sources[source].Single(pattern => pattern.Name == name);
        foreach (ExecutionOptions options in DefectKernel.Ways())
        {
            (IReadOnlyList<Finding> findings, _) = Run(Ptx(source, 13, true), pattern, options);
            string told = $"{options}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}";
            Assert.True(findings.Count > 0, told);
            Assert.All(findings, finding => Assert.True(finding.Kind == pattern.Kind || finding.Kind == pattern.Also, told));
            Assert.All(findings, finding => Assert.Contains("kernel.cu:", finding.Source, StringComparison.Ordinal));
        }
    }

    private static (IReadOnlyList<Finding> Findings, float[] Results) Run(string ptx, Pattern pattern, ExecutionOptions options)
    {
        var device = new TestDevice(ptx, options with { Patience = 1_000_000 });
        DeviceArray<float> x = device.Upload([.. Enumerable.Range(0, 4096).Select(Patterns.X)]), y = device.Allocate<float>(4096);
        DeviceArray<uint> z = device.Upload(new uint[64]);
        device.Launch(pattern.Name, new Dimensions(pattern.Grid, 1, 1), pattern.Block, pattern.DynamicShared, x, y, z);
        int skipped = pattern.Name == "grid_barrier" ? 1024 : 0;
        return (device.Findings, pattern.IsInZ ? [.. z.ToArray().Select(value => (float)value)] : y.ToArray()[skipped..]);
    }

    private static string Ptx(string source, int version, bool isDefect)
    {
        lock (s_ptx)
        {
            if (!s_ptx.TryGetValue((source, version, isDefect), out string? ptx))
                s_ptx.Add((source, version, isDefect), ptx = Nvrtc.Require(version).ToPtx(Text("kit.cuh") + Text(source), 80, isDefect ? ["-DDEFECT"] : []));
            return ptx;
        }
    }

    private static string Text(string file) => File.ReadAllText(Repository.PathOf("tests", "NativeDiffusion.VirtualGpu.Tests", "Defects", "Sources", file));
}
