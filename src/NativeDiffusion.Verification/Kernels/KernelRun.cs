using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Verification;

/// <summary>A launch that can be repeated, into a stream or a graph, and what it writes.</summary>
/// <param name="Launch">Launches; operands stay where they are.</param>
/// <param name="Output">The result.</param>
internal sealed record KernelRun(Action<IKernelQueue> Launch, KernelOutput Output);
