namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>What each flag in global memory has been given by those who wrote it, for those who read it.</summary>
internal sealed class SyncVariables
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Dictionary<ulong, uint[]>> _records = [];

    /// <summary>Someone writes a flag; an atomic update keeps what others gave it.</summary>
    public void Publish(ulong address, Dictionary<ulong, uint[]> given, bool isUpdate)
    {
        lock (_lock)
        {
            if (isUpdate && _records.TryGetValue(address, out Dictionary<ulong, uint[]>? old)) GlobalOrder.Join(given, old);
            _records[address] = given;
        }
    }

    /// <summary>What a reader of the flag may take over; null if no one gave it anything.</summary>
    public IReadOnlyDictionary<ulong, uint[]>? Read(ulong address)
    {
        lock (_lock) return _records.GetValueOrDefault(address);
    }
}
