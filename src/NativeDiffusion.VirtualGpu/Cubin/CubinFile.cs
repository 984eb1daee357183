using System.Globalization;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// A cubin, the output of NVIDIA's assembler: the kernels of a module in machine code, for one architecture. Read without a GPU or NVIDIA's tools.
/// Supported are the cubins of CUDA 12 and 13 for compute capability 7.5 to 12.1; the format is undocumented and was inferred from nvdisasm's output.
/// </summary>
public sealed class CubinFile
{
    // The short entry of .nv.compat that says whether the code uses architecture-specific features (sm_90a, sm_100a).
    private const int ArchitectureSpecific = 0x09;
    private const int FlagArchitectureSpecific = 0x800;
    private const int NewAbi = 8;

    private CubinFile(int architecture, bool specific, bool marksSpills, IReadOnlyList<CubinKernel> kernels)
    {
        (Architecture, IsArchitectureSpecific, MarksSpills) = (architecture, specific, marksSpills);
        Kernels = kernels;
    }

    /// <summary>90 for compute capability 9.0.</summary>
    public int Architecture { get; }

    /// <summary>True for architecture-specific code, which no later architecture runs (sm_90a).</summary>
    public bool IsArchitectureSpecific { get; }

    /// <summary>The architecture as compilers take it: sm_90 or sm_90a.</summary>
    public string Target => string.Create(CultureInfo.InvariantCulture, $"sm_{Architecture}{(IsArchitectureSpecific ? "a" : "")}");

    /// <summary>True if the assembler marks spill instructions (CUDA 13). Older ones do not distinguish them from other local memory accesses.</summary>
    public bool MarksSpills { get; }

    /// <summary>The kernels, by name.</summary>
    public IReadOnlyList<CubinKernel> Kernels { get; }

    /// <summary>Reads a cubin.</summary>
    /// <param name="image">Its bytes.</param>
    /// <param name="name">Its name in errors: the file's name.</param>
    /// <exception cref="CubinException">It is not a cubin, it is damaged, or its architecture is not supported.</exception>
    public static CubinFile Read(ReadOnlySpan<byte> image, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var elf = ElfImage.Read(image.ToArray(), name);
        if (elf.Machine != ElfImage.CudaMachine)
            throw new CubinException(name, $"this is an ELF file for machine {elf.Machine}; a cubin is for machine {ElfImage.CudaMachine} (NVIDIA CUDA).");
        bool newAbi = elf.AbiVersion >= NewAbi;
        int architecture = (int)(newAbi ? elf.Flags >> 8 : elf.Flags) & 0xff;
        if (architecture < 75)
            throw new CubinException(name, $"its code is for sm_{architecture}; expected sm_75 or later.");
        bool specific = newAbi
            ? elf.Find(".nv.compat") is { } compat && new KernelAttributes(elf.Bytes(compat), name).Value((KernelAttribute)ArchitectureSpecific) == 1
            : (elf.Flags & FlagArchitectureSpecific) != 0;
        var reader = new KernelReader(elf, architecture, newAbi, name);
        return new CubinFile(architecture, specific, newAbi, reader.Read());
    }

    /// <summary>Reads a cubin from a file.</summary>
    /// <exception cref="CubinException">It is not a cubin, it is damaged, or its architecture is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CubinFile Open(string path) => Read(File.ReadAllBytes(path), Path.GetFileName(path));

    /// <summary>The kernel of a name.</summary>
    /// <exception cref="ArgumentException">There is none of the name; the message lists those that exist.</exception>
    public CubinKernel Kernel(string name) => Kernels.FirstOrDefault(kernel => kernel.Name == name)
        ?? throw new ArgumentException($"The cubin has no kernel '{name}'; it has {string.Join(", ", Kernels.Select(kernel => kernel.Name))}.", nameof(name));
}
