namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>The outcome of a mutant.</summary>
internal enum MutantOutcome
{
    /// <summary>It was not detected.</summary>
    Survived,

    /// <summary>Wrong results, a write outside of the output, or bank conflicts.</summary>
    Result,

    /// <summary>The virtual GPU reported a finding.</summary>
    Finding,

    /// <summary>The virtual GPU rejected the PTX.</summary>
    Refusal,
}
