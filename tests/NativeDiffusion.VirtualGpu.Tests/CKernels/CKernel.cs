namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>A kernel of the C sources, its launch and its expected result.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Words">Words of the result.</param>
/// <param name="Reference">Writes the result of the input into words with their initial contents.</param>
internal sealed record CKernel(string Name, int Words, Action<CVariant, uint[], uint[]> Reference)
{
    /// <summary>Number of threads of the kernels without block operations, and length of the input's columns.</summary>
    public const int Threads = 256;

    public CInput Input { get; init; } = CInput.Words;

    public Execution.Dimensions Grid { get; init; } = new(2, 1, 1);

    public Execution.Dimensions Block { get; init; } = new(128, 1, 1);

    public int DynamicShared { get; init; }

    /// <summary>The first architecture that supports it.</summary>
    public int Since { get; init; } = 75;

    /// <summary>False if a compiler fails with -G.</summary>
    public bool IsForDebuggers { get; init; } = true;

    /// <summary>Bytes of an argument after the usual three.</summary>
    public byte[]? Extra { get; init; }

    /// <summary>Words of the result at the start; zero beyond them.</summary>
    public uint[] Start { get; init; } = [];

    /// <summary>Whether the word at an index is acceptable for the expected one; null requires equal bits.</summary>
    public Func<CVariant, int, uint[], uint[], bool>? IsClose { get; init; }

    /// <summary>A kernel with independent threads: each produces a number of words, in thread order.</summary>
    public static CKernel Each(string name, int words, Action<uint, uint, uint, Span<uint>> reference) => new(name, words * Threads, (_, x, y) =>
    {
        for (int i = 0; i < Threads; i++) reference(x[i], x[i + Threads], x[i + (2 * Threads)], y.AsSpan(words * i, words));
    });
}
