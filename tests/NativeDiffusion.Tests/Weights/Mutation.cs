namespace NativeDiffusion.Tests.Weights;

/// <summary>Damages bytes the way fuzzers do: flipped bits, strange values, cut, doubled, moved and inserted stretches.</summary>
internal static class Mutation
{
    private static readonly byte[] s_strange =
        [0, 1, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'{', (byte)'}', (byte)'[', (byte)'-', (byte)'9', (byte)'.', (byte)'R', (byte)'Q', (byte)'c'];

    /// <summary>A damaged copy.</summary>
    /// <param name="bytes">The original.</param>
    /// <param name="random">Decides all.</param>
    /// <param name="first">Bytes before this stay mostly alone.</param>
    /// <param name="last">Bytes from here on stay mostly alone.</param>
    public static byte[] Of(byte[] bytes, Random random, int first, int last)
    {
        List<byte> result = [.. bytes];
        int count = 1 + random.Next(4);
        for (int i = 0; i < count && result.Count > 1; i++)
        {
            int from = random.Next(8) == 0 ? 0 : Math.Min(first, result.Count - 1);
            int to = random.Next(8) == 0 ? result.Count : Math.Clamp(last, from + 1, result.Count);
            int at = random.Next(from, to);
            int length = Math.Min(1 + random.Next(12), result.Count - at);
            switch (random.Next(7))
            {
                case 0: result[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: result[at] = s_strange[random.Next(s_strange.Length)]; break;
                case 2: result.RemoveRange(at, length); break;
                case 3: result.InsertRange(random.Next(from, to), result.GetRange(at, length)); break;
                case 4: result.Insert(at, (byte)random.Next(256)); break;
                case 5 when random.Next(4) == 0: result.RemoveRange(at, result.Count - at); break;
                default:
                    // A number made larger, smaller or negative.
                    for (int j = at; j < at + length; j++)
                    {
                        if (char.IsAsciiDigit((char)result[j])) result[j] = (byte)("0123456789-e."[random.Next(13)]);
                    }

                    break;
            }
        }

        return [.. result];
    }
}
