namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>For each flag in global memory, what its writers published for its readers.</summary>
internal sealed class SyncVariables
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Dictionary<ulong, uint[]>> _records = [];

    /// <summary>A flag is written; an atomic update keeps what others published.</summary>
    public void Publish(ulong address, Dictionary<ulong, uint[]> given, bool isUpdate)
    {
        lock (_lock)
        {
            if (isUpdate && _records.TryGetValue(address, out Dictionary<ulong, uint[]>? old)) GlobalOrder.Join(given, old);
            _records[address] = given;
        }
    }

    /// <summary>What a reader of the flag may acquire; null if nothing was published.</summary>
    public IReadOnlyDictionary<ulong, uint[]>? Read(ulong address)
    {
        lock (_lock) return _records.GetValueOrDefault(address);
    }
}
