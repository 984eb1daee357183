namespace NativeDiffusion.Plans;

/// <summary>Where group norms take their statistics from while a plan is recorded. They are numbered in the order of recording: <c>norm.0</c>, <c>norm.1</c>,
/// …</summary>
public enum NormStatistics
{
    /// <summary>From the values themselves.</summary>
    Own,

    /// <summary>From the values themselves, which are also outputs of the plan.</summary>
    Reported,

    /// <summary>From inputs of the plan: a tile of a picture is normalised as the whole is.</summary>
    Given,
}
