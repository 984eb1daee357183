namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Memory counters of one worker.</summary>
internal sealed class MemoryTally
{
    public long GlobalLoadBytes { get; set; }

    public long GlobalStoreBytes { get; set; }

    public long GlobalRequests { get; set; }

    public long GlobalSectors { get; set; }

    public long GlobalSectorsNeeded { get; set; }

    public long SharedLoadBytes { get; set; }

    public long SharedStoreBytes { get; set; }

    public long SharedWavefronts { get; set; }

    public long SharedWavefrontsNeeded { get; set; }

    public long LocalBytes { get; set; }

    public long ConstantBytes { get; set; }

    public long GlobalAtomics { get; set; }

    public long SharedAtomics { get; set; }

    public long Barriers { get; set; }

    public void Add(MemoryTally other)
    {
        GlobalLoadBytes += other.GlobalLoadBytes;
        GlobalStoreBytes += other.GlobalStoreBytes;
        GlobalRequests += other.GlobalRequests;
        GlobalSectors += other.GlobalSectors;
        GlobalSectorsNeeded += other.GlobalSectorsNeeded;
        SharedLoadBytes += other.SharedLoadBytes;
        SharedStoreBytes += other.SharedStoreBytes;
        SharedWavefronts += other.SharedWavefronts;
        SharedWavefrontsNeeded += other.SharedWavefrontsNeeded;
        LocalBytes += other.LocalBytes;
        ConstantBytes += other.ConstantBytes;
        GlobalAtomics += other.GlobalAtomics;
        SharedAtomics += other.SharedAtomics;
        Barriers += other.Barriers;
    }
}
