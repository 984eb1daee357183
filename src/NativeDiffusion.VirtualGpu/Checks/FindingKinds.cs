namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>Which check reports which kind of finding.</summary>
internal static class FindingKinds
{
    /// <summary>The compute-sanitizer tool whose users would look for the kind; api, ptx and timeout where the driver reports it.</summary>
    public static string Tool(this FindingKind kind) => kind switch
    {
        FindingKind.OutOfBounds or FindingKind.Misaligned or FindingKind.UseAfterFree or FindingKind.ReadOnlyStore or FindingKind.StackOverflow
            or FindingKind.Trap => "memcheck",
        FindingKind.Leak => "leakcheck",
        FindingKind.UninitializedGlobal or FindingKind.UninitializedShared or FindingKind.UninitializedLocal or FindingKind.UninitializedRegister
            => "initcheck",
        FindingKind.SharedRace or FindingKind.MissingWarpSync or FindingKind.GlobalRace or FindingKind.MissingFence or FindingKind.NonCoherentLoad
            or FindingKind.MissingAsyncCopyWait or FindingKind.MissingGridDependencyWait or FindingKind.ConflictingStores => "racecheck",
        FindingKind.DivergentBarrier or FindingKind.DivergentWarp or FindingKind.BadMemberMask or FindingKind.InactiveLane or FindingKind.Deadlock
            => "synccheck",
        FindingKind.BadArguments or FindingKind.NoContext or FindingKind.CaptureViolation => "api",
        FindingKind.UnsupportedPtx => "ptx",
        FindingKind.Hang => "timeout",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of finding."),
    };
}
