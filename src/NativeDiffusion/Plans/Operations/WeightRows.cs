using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans.Operations;

/// <summary>A weight, or some input channels of it: some rows of a segment's matrix.</summary>
/// <param name="Weight">[O, I, kh, kw] or [O, I].</param>
/// <param name="FirstInput">The first input channel taken.</param>
/// <param name="InputCount">How many are taken.</param>
public sealed record WeightRows(Parameter Weight, int FirstInput, int InputCount);
