using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NativeDiffusion.Devices;
using SkiaSharp;

namespace NativeDiffusion.Cli.Doctor;

/// <summary>The machine and this program: facts by name, each a short text.</summary>
internal static class MachineReport
{
    /// <summary>The program and its runtime.</summary>
    public static IReadOnlyList<(string Name, string Value)> Program() =>
    [
        ("ndiff", Version(typeof(MachineReport).Assembly)),
        ("NativeDiffusion", Version(typeof(CheckpointException).Assembly)),
        ("runtime", RuntimeInformation.FrameworkDescription + (RuntimeFeature.IsDynamicCodeSupported ? "" : ", compiled ahead of time")),
        ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}"),
        ("globalization", IsInvariant() ? "invariant (tokens do not depend on it)" : "ICU (tokens do not depend on it)"),
    ];

    /// <summary>The processor and its memory.</summary>
    public static IReadOnlyList<(string Name, string Value)> Machine() =>
    [
        ("processor", ProcessorName()),
        ("threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ("instruction sets", InstructionSets()),
        ("memory",
            $"{Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} for this process{(AvailableMemory() is long free ? $", {Bytes(free)} free now" : "")}"),
    ];

    /// <summary>The devices for generation.</summary>
    public static IReadOnlyList<(string Name, string Value)> Devices() =>
    [
        .. ComputeDevices.List().Select(device => (
            device.Name,
            $"{device.Description}, {Bytes(device.TotalMemory)}{(device.RunsNetworks ? ": ready" : ": found, but this version generates on the CPU only")}")),
    ];

    /// <summary>Native libraries for some formats.</summary>
    public static IReadOnlyList<(string Name, string Value)> Libraries() => [("SkiaSharp (JPEG, WebP)", Skia())];

    /// <summary>Bytes with binary units.</summary>
    public static string Bytes(long bytes) => bytes >= 1 << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MiB");

    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString()
            ?? "unknown";

    private static bool IsInvariant() => AppContext.TryGetSwitch("System.Globalization.Invariant", out bool invariant) && invariant;

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return name ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string InstructionSets()
    {
        (string Name, bool Has)[] sets =
        [
            ("AVX-512", Avx512F.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("SSE4.2", Sse42.IsSupported),
                ("NEON", AdvSimd.IsSupported),
        ];
        string names = string.Join(", ", sets.Where(set => set.Has).Select(set => set.Name));
        int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(names.Length == 0 ? "none" : names)} (vectors of {bits} bits, Vector<T> of {Vector<byte>.Count * 8})");
    }

    private static long? AvailableMemory()
    {
        const string Linux = "/proc/meminfo";
        string? line = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, { } kibibytes, ..]
            && long.TryParse(kibibytes, CultureInfo.InvariantCulture, out long value) ? value * 1024 : null;
    }

    private static string Skia()
    {
        try
        {
            return $"ready, Skia {SkiaSharpVersion.Native}";
        }
        catch (Exception exception) when (
            exception is DllNotFoundException or TypeInitializationException or InvalidOperationException or EntryPointNotFoundException)
        {
            return "not found for this platform; PNG works, JPEG and WebP do not";
        }
    }
}
