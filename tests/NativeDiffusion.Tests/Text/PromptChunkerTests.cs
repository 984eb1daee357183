using NativeDiffusion.Tensors;
using NativeDiffusion.Text;
using Xunit;

namespace NativeDiffusion.Tests.Text;

public sealed class PromptChunkerTests
{
    private static readonly ClipTokenizer s_clip = ClipTokenizer.CreateDefault();
    private static readonly int s_tree = s_clip.Encode("tree")[0];
    private static readonly int s_comma = s_clip.Encode(",")[0];

    [Fact]
    public void Chunk_LongText_GoesBackToAComma()
    {
        // 70 trees, a comma, then 10 trees: the comma is the 71st, so the words after it move to the next chunk.
        PromptChunks chunks = new PromptChunker(s_clip).Chunk(Trees(70) + "," + Trees(10));
        Assert.Equal(2, chunks.Chunks.Count);
        Assert.Equal([.. Enumerable.Repeat(s_tree, 70), s_comma, .. Enumerable.Repeat(s_clip.EndId, 5)], chunks.Chunks[0].Tokens.Skip(1));
        Assert.Equal(10, chunks.Chunks[1].Tokens.Count(id => id == s_tree));
        Assert.Equal(85, chunks.TokenCount);
    }

    [Theory]
    [InlineData(54, 20, 75)] // the comma lies 20 tokens before the end of the chunk: just too far to be sought
    [InlineData(55, 20, 56)]
    [InlineData(70, 0, 75)]
    public void Chunk_CommaBacktrack_HasALimit(int before, int backtrack, int expected)
    {
        PromptChunks chunks = new PromptChunker(s_clip, null, backtrack).Chunk(Trees(before) + "," + Trees(40));
        Assert.Equal(expected, chunks.Chunks[0].Tokens.Skip(1).TakeWhile(id => id != s_clip.EndId).Count());
    }

    [Fact]
    public void Chunk_Break_EndsTheChunkWithItsFilling()
    {
        PromptChunks chunks = new PromptChunker(s_clip).Chunk("tree BREAK (tree:1.5)");
        Assert.Equal(2, chunks.Chunks.Count);
        Assert.All(chunks.Chunks, chunk => Assert.Equal([s_clip.BeginId, s_tree, s_clip.EndId, s_clip.EndId], chunk.Tokens.Take(4)));
        Assert.Equal([1, 1.5, 1], chunks.Chunks[1].Multipliers.Take(3));
        Assert.Equal(76, chunks.TokenCount);
        Assert.Single(new PromptChunker(s_clip).Chunk("tree BREAK tree", EmphasisMode.None).Chunks);
    }

    [Fact]
    public void Chunk_LearnedWord_StaysTogether()
    {
        TextualInversion fog = Word("fog", 10);
        PromptChunks chunks = new PromptChunker(s_clip, [fog]).Chunk(Trees(70) + "(fog:2) tree");
        Assert.Equal(2, chunks.Chunks.Count);
        Assert.Empty(chunks.Chunks[0].Embeddings);
        Assert.Equal([new ChunkEmbedding(0, fog, 0, 10)], chunks.Chunks[1].Embeddings);
        Assert.Equal([.. Enumerable.Repeat(0, 10), s_tree], chunks.Chunks[1].Tokens.Skip(1).Take(11));
        Assert.Equal([.. Enumerable.Repeat(2.0, 10), 1], chunks.Chunks[1].Multipliers.Skip(1).Take(11));
    }

    /// <summary>A1111 moves the places behind the comma but forgets whose they were.</summary>
    [Fact]
    public void Chunk_LearnedWordBehindTheComma_IsLostAsInA1111()
    {
        TextualInversion fog = Word("fog", 3);
        PromptChunks chunks = new PromptChunker(s_clip, [fog]).Chunk(Trees(71) + ",fog" + Trees(2));
        Assert.Equal([new ChunkEmbedding(72, fog, 0, 3)], chunks.Chunks[0].Embeddings);
        Assert.Equal(s_clip.EndId, chunks.Chunks[0].Tokens[73]);
        Assert.Empty(chunks.Chunks[1].Embeddings);
        Assert.Equal([0, 0, 0, s_tree, s_tree, s_clip.EndId], chunks.Chunks[1].Tokens.Skip(1).Take(6));
    }

    [Fact]
    public void Chunk_LearnedWords_TheLongestNameWinsAndTheLastOfEqualOnes()
    {
        TextualInversion red = Word("red", 1);
        TextualInversion redTree = Word("red tree", 2);
        TextualInversion laterRed = Word("red", 4);
        PromptChunk chunk = Assert.Single(new PromptChunker(s_clip, [red, redTree, laterRed]).Chunk("Red Tree, red").Chunks);
        Assert.Equal([redTree, laterRed], chunk.Embeddings.Select(place => place.Embedding));
        Assert.Equal([0, 3], chunk.Embeddings.Select(place => place.Offset));
    }

    [Fact]
    public void Constructor_LearnedWordThatCannotBe_IsRefused()
    {
        Assert.Contains("76 vectors", Assert.Throws<ArgumentException>(() => new PromptChunker(s_clip, [Word("x", 76)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Word("\u2003", 1));
    }

    internal static TextualInversion Word(string name, int count, float value = 1) =>
        new(name, new Tensor(new TensorShape(count, 4), [.. Enumerable.Range(0, count * 4).Select(i => value + (i / 4))]));

    private static string Trees(int count) => string.Concat(Enumerable.Repeat(" tree", count));
}
