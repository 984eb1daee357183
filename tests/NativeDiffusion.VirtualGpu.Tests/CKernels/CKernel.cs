namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>A kernel of the C sources, how it is launched and what must come out.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Words">Words of the result.</param>
/// <param name="Reference">Writes the result of the input into words that hold what they held at the start.</param>
internal sealed record CKernel(string Name, int Words, Action<CVariant, uint[], uint[]> Reference)
{
    /// <summary>Threads of the kernels that are not about blocks; the input's columns are as long.</summary>
    public const int Threads = 256;

    public CInput Input { get; init; } = CInput.Words;

    public Execution.Dimensions Grid { get; init; } = new(2, 1, 1);

    public Execution.Dimensions Block { get; init; } = new(128, 1, 1);

    public int DynamicShared { get; init; }

    /// <summary>The first architecture that has what it uses.</summary>
    public int Since { get; init; } = 75;

    /// <summary>False where a compiler gives up with -G.</summary>
    public bool IsForDebuggers { get; init; } = true;

    /// <summary>Bytes of an argument behind the usual three.</summary>
    public byte[]? Extra { get; init; }

    /// <summary>Words of the result at the start; zero beyond them.</summary>
    public uint[] Start { get; init; } = [];

    /// <summary>Whether the word at an index may stand for the one expected; equal bits where there is none.</summary>
    public Func<CVariant, int, uint[], uint[], bool>? IsClose { get; init; }

    /// <summary>A kernel whose threads work alone: each gives so many words, one thread after the other.</summary>
    public static CKernel Each(string name, int words, Action<uint, uint, uint, Span<uint>> reference) => new(name, words * Threads, (_, x, y) =>
    {
        for (int i = 0; i < Threads; i++) reference(x[i], x[i + Threads], x[i + (2 * Threads)], y.AsSpan(words * i, words));
    });
}
