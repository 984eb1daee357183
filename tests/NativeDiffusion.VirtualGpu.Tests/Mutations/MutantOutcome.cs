namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>What became of a mutant.</summary>
internal enum MutantOutcome
{
    /// <summary>Nothing told it from the kernel.</summary>
    Survived,

    /// <summary>A number was wrong, written where it must not be, or shared memory was slower than it need be.</summary>
    Result,

    /// <summary>The virtual GPU found something.</summary>
    Finding,

    /// <summary>The virtual GPU did not take the text.</summary>
    Refusal,
}
