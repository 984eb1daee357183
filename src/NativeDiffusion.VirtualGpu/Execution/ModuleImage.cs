using System.Collections.Concurrent;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A module loaded into a device: its code, and its variables with their addresses.</summary>
internal sealed unsafe class ModuleImage(CodeLibrary library, AddressSpace space, int device)
{
    private readonly ConcurrentDictionary<string, Lazy<Allocation>> _variables = [];
    private readonly ConcurrentDictionary<string, Lazy<KernelImage>> _kernels = [];

    public CodeLibrary Library => library;

    /// <summary>A kernel of the module; null if it has none of the name.</summary>
    public KernelImage? Kernel(string name) =>
        library.Module.Functions.TryGetValue(name, out PtxFunction? function) && function is { IsEntry: true, HasBody: true }
            ? _kernels.GetOrAdd(name, _ => new Lazy<KernelImage>(() => new KernelImage(this, name))).Value
            : null;

    /// <summary>A variable's memory, allocated and initialised at first use; null if there is none of the name.</summary>
    public Allocation? Variable(string name)
    {
        if (!library.Module.Variables.TryGetValue(name, out PtxVariable? variable)
            || variable.Space is not (StateSpace.Global or StateSpace.Const)) return null;
        return _variables.GetOrAdd(name, _ => new Lazy<Allocation>(() => Create(variable))).Value;
    }

    /// <summary>Frees all variables.</summary>
    public void Unload()
    {
        foreach (Lazy<Allocation> variable in _variables.Values) space.Free(variable.Value);
        _variables.Clear();
    }

    private Allocation Create(PtxVariable variable)
    {
        if (variable.IsExtern) throw new PtxException($"'{variable.Name}' is declared extern, and nothing defines it.", variable.Line);
        Allocation allocation = space.Allocate(
            (ulong)Math.Max(variable.Size, 1), variable.Space == StateSpace.Const ? AllocationKind.Constant : AllocationKind.Module, device);
        allocation.Name = variable.Name;
        // Variables without an initialiser are zero-initialised.
        new UnmanagedMemory(allocation.Bytes, allocation.Size).Fill(0);
        variable.Initial.CopyTo(new Span<byte>(allocation.Bytes, variable.Initial.Length));
        foreach (PtxRelocation relocation in variable.Relocations)
        {
            ulong value = Target(relocation, variable) + (ulong)relocation.Addend;
            if (relocation.Bytes == 8) *(ulong*)(allocation.Bytes + relocation.Offset) = value;
            else *(uint*)(allocation.Bytes + relocation.Offset) = (uint)value;
        }
        allocation.Initialized.Mark(0, allocation.Size);
        allocation.Initialized.Consolidate();
        return allocation;
    }

    private ulong Target(PtxRelocation relocation, PtxVariable variable)
    {
        int index = library.FunctionNames.ToList().IndexOf(relocation.Symbol);
        if (index >= 0) return KernelImage.Handle(index);
        return Variable(relocation.Symbol)?.Address
            ?? throw new PtxException($"'{variable.Name}' refers to '{relocation.Symbol}', which is not defined.", variable.Line);
    }
}
