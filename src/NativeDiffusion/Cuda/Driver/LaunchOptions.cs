using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>What a launch asks for besides its sizes.</summary>
internal readonly record struct LaunchOptions
{
    /// <summary>The most attributes that options become.</summary>
    public const int MaxAttributes = 3;

    /// <summary>
    /// It may begin before the kernel in front of it has ended, because it waits itself (griddepcontrol.wait) before it touches what that one wrote.
    /// </summary>
    public bool IsProgrammatic { get; init; }

    /// <summary>All blocks are on the card at once, so that they may wait for one another; refused where there is no room for them.</summary>
    public bool IsCooperative { get; init; }

    /// <summary>Lower goes first; null for the stream's own.</summary>
    public int? Priority { get; init; }

    /// <summary>Writes the options as the driver has them.</summary>
    /// <param name="attributes">Room for <see cref="MaxAttributes"/>.</param>
    /// <returns>Their number.</returns>
    public unsafe int Write(CUlaunchAttribute* attributes)
    {
        int count = 0;
        if (IsProgrammatic)
            attributes[count++] =
                new CUlaunchAttribute
                {
                    id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION,
                    value = new() { programmaticStreamSerializationAllowed = 1 }
                };
        if (IsCooperative)
            attributes[count++] = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_COOPERATIVE, value = new() { cooperative = 1 } };
        if (Priority is int priority)
            attributes[count++] = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PRIORITY, value = new() { priority = priority } };
        return count;
    }
}
