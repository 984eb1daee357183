namespace NativeDiffusion.Verification;

/// <summary>What an operation needs at least, whatever kernel computes it.</summary>
/// <param name="Flops">Additions and multiplications of its formula; a special function counts as one.</param>
/// <param name="Bytes">Bytes that must be moved: each input read once, each output written once.</param>
internal readonly record struct KernelCost(double Flops, double Bytes);
