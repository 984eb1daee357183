using NativeDiffusion.Tensors;
using NativeDiffusion.Text;

namespace NativeDiffusion.Tests.Text;

/// <summary>A "text encoder" whose states tell what it was given: state = (id or the extra row's numbers, place, skipped layers, 1).</summary>
internal sealed class FakeTextEncoder : ITextEncoder
{
    public int Width => 4;

    public int VocabularySize => 49408;

    public int Runs { get; private set; }

    public Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Runs++;
        var states = new Tensor(new TensorShape(rows, tokens.Length / rows, Width));
        for (int i = 0; i < tokens.Length; i++)
        {
            Span<float> state = states.Span.Slice(i * Width, Width);
            state[0] = tokens[i] < VocabularySize ? tokens[i] : -extra!.Data[(tokens[i] - VocabularySize) * Width];
            state[1] = i % ClipTokenizer.MaxLength;
            state[2] = skip;
            state[3] = 1;
        }
        return states;
    }
}
