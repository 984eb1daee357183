using System.Buffers.Binary;
using System.Text;
using NativeDiffusion.Imaging;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class ImagingFuzzTests
{
    private static readonly PngLimits s_limits = new() { Pixels = 1 << 20, TextBytes = 1 << 16, AllTextBytes = 1 << 17 };

    [Fact]
    public void MutatedPngs_EndInAPictureOrOneClearError()
    {
        byte[][] seeds =
        [
            new TestPng { ColourType = 6, Depth = 16, Interlaced = true, Width = 9, Height = 9, Sample = (x, y, c) => x * y * c }.Encode(),
            new TestPng { ColourType = 3, Depth = 2, Palette = new byte[12], Transparency = [1, 2], Width = 7, Sample = (x, _, _) => x % 4 }.Encode(),
            new TestPng { ColourType = 0, Depth = 1, Width = 33,
                Extra = [("tEXt", [.. "parameters\0a cat"u8]), ("zTXt", [.. "z\0\0"u8, .. TestPng.Deflate(new byte[100])])] }.Encode(),
            new TestPng { Extra = [("iTXt", [.. "parameters\0\u0001\0\0\0"u8, .. TestPng.Deflate("cat"u8.ToArray())])] }.Encode(),
        ];
        var random = new Random(2026);
        int pictures = 0, refused = 0;
        for (int i = 0; i < 12000; i++)
        {
            byte[] file = Mutate(seeds[i % seeds.Length], random);
            if (i % 4 != 0) TestPng.MendChecksums(file); // most get past the check sums
            try
            {
                PngImage image = PngImage.Decode(file, "fuzz.png", s_limits);
                Assert.Equal(image.Width * image.Height * 4, image.Rgba.Length);
                pictures++;
            }
            catch (ImageFormatException e)
            {
                Assert.StartsWith("fuzz.png: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(pictures > 500 && refused > 2000, $"{pictures} pictures, {refused} refused: the mutations test too little");
    }

    [Fact]
    public void MutatedJpegsAndWebps_GiveATextOrNoneOrOneClearError()
    {
        byte[] jpeg = ImageText.AddTo([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xDA, 0, 2, 1, 2, 3], "some text", "a");
        byte[] picture = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 5, 0, 0, 0, 0x2F, 9, 0, 1, 0, 0];
        byte[] webp = ImageText.AddTo(picture, "some text", "a");
        var random = new Random(7);
        for (int i = 0; i < 6000; i++)
        {
            byte[] file = Mutate(i % 2 == 0 ? jpeg : webp, random);
            try
            {
                _ = ImageText.Read(file, "fuzz");
                _ = ImageText.AddTo(file, "x", "fuzz");
            }
            catch (ImageFormatException e)
            {
                Assert.StartsWith("fuzz: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void MutatedGenerationTexts_AlwaysParseAndWriteWhatTheyRead()
    {
        byte[] seed = Encoding.UTF8.GetBytes(
            "a (cat:1.2)\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 512x512, Model: \"a, \\\"b\\\"\", Lora hashes: \"x: 1, y: 2\", "
                + "Version: v1");
        var random = new Random(11);
        for (int i = 0; i < 12000; i++)
        {
            GenerationParameters read = GenerationParameters.Parse(Encoding.UTF8.GetString(Mutate(seed, random)));
            _ = (read.Steps, read.Seed, read.Size, read.CfgScale, read.LoraHashes.Count, read.EmbeddingHashes.Count, read.ClipSkip);
            GenerationParameters again = GenerationParameters.Parse(read.ToString());
            if (read.Fields.Count >= 3 && read.Fields.All(field => field.Key != field.Value)) Assert.Equal(read.Fields, again.Fields);
        }
    }

    // Work that grows with the square of the length would never end here.
    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData("ab:")]
    [InlineData("ab: \"")]
    [InlineData("ab: \"\\")]
    [InlineData("ab: \"x\"y,")]
    [InlineData(" ")]
    [InlineData(",:")]
    [InlineData("Negative prompt:\n")]
    public void LongGenerationTexts_AreReadInOnePass(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 2_000_000 / piece.Length));
        Assert.StartsWith("p", GenerationParameters.Parse("p\n" + text + " x").Prompt, StringComparison.Ordinal);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var file = new List<byte>(seed);
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes && file.Count > 8; i++)
        {
            int at = random.Next(file.Count);
            switch (random.Next(10))
            {
                case 0 or 7 or 8: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 or 9: file[at] = (byte)random.Next(256); break;
                case 2: file.RemoveRange(at, Math.Min(random.Next(1, 9), file.Count - at)); break;
                case 3: file.InsertRange(at, Enumerable.Range(0, random.Next(1, 9)).Select(_ => (byte)random.Next(256))); break;
                case 4: file.RemoveRange(at, file.Count - at); break;
                case 5 when at + 4 <= file.Count: // a length or size becomes an edge value
                    byte[] number = new byte[4];
                    BinaryPrimitives.WriteUInt32BigEndian(
                        number, (uint[])[0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 65536] is var edges ? edges[random.Next(edges.Length)] : 0);
                    for (int k = 0; k < 4; k++) file[at + k] = number[k];
                    break;
                default: file.InsertRange(at, file.GetRange(at, Math.Min(random.Next(1, 40), file.Count - at))); break;
            }
        }

        return [.. file];
    }
}
