using System.Globalization;
using System.IO.Compression;
using System.Text;
using NativeDiffusion.Text;
using Xunit;

namespace NativeDiffusion.Tests.Text;

public sealed class UnicodeTablesTests
{
    /// <summary>
    /// The runtime's own table of categories is in its core library and independent of ours; code points it does not know yet, or that it knows and
    /// we do not, are left out.
    /// </summary>
    [Fact]
    public void LettersAndNumbers_AllCodePoints_AgreeWithTheRuntime()
    {
        UnicodeTables tables = UnicodeTables.Instance;
        int compared = 0;
        int unknown = 0;
        for (int code = 0; code <= 0x10FFFF; code++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(code);
            if (category == UnicodeCategory.OtherNotAssigned)
            {
                if (tables.IsLetter(code) || tables.IsNumber(code)) unknown++;
                continue;
            }
            Assert.True(tables.IsLetter(code) == category <= UnicodeCategory.OtherLetter, $"U+{code:X4} {category}");
            Assert.True(
                tables.IsNumber(code) == category is >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber, $"U+{code:X4} {category}");
            compared++;
        }
        Assert.InRange(compared, 280_000, 400_000);
        Assert.Equal(0, unknown);
    }

    [Fact]
    public void WhiteSpace_AllCodePoints_AgreesWithTheRuntime()
    {
        for (int code = 0; code <= 0x10FFFF; code++)
        {
            if (code is >= 0xD800 and <= 0xDFFF) continue;
            Assert.True(UnicodeTables.IsWhiteSpace(code) == Rune.IsWhiteSpace(new Rune(code)), $"U+{code:X4}");
        }
    }

    /// <summary>Invariant casing is the simple mapping, but for U+0130, which it leaves alone.</summary>
    [Fact]
    public void ToLower_AllCodePoints_AgreesWithInvariantCasing()
    {
        int changed = 0;
        for (int code = 0; code <= 0x10FFFF; code++)
        {
            if (code is >= 0xD800 and <= 0xDFFF or 0x130) continue;
            int expected = Rune.ToLowerInvariant(new Rune(code)).Value;
            Assert.True(UnicodeTables.Instance.ToLower(code) == expected, $"U+{code:X4}: U+{UnicodeTables.Instance.ToLower(code):X4}, runtime U+{expected:X4}");
            if (expected != code) changed++;
        }
        Assert.InRange(changed, 1400, 2000);
        Assert.Equal('i', UnicodeTables.Instance.ToLower(0x130));
        Assert.Equal([0x69, 0x307], ClipTextNormalizer.Normalize("\u0130"));
    }

    /// <summary>The Unicode Consortium's own test file of version 16.0: source and Form C of each line.</summary>
    [Fact]
    public void Compose_ConsortiumsTest_IsEqual()
    {
        using Stream resource = typeof(UnicodeTablesTests).Assembly.GetManifestResourceStream("normalization-16.br")!;
        using var reader = new StreamReader(new BrotliStream(resource, CompressionMode.Decompress));
        int lines = 0;
        while (reader.ReadLine() is { } line)
        {
            int[][] columns =
                [.. line.Split(
                ';').Select(column => column.Split(' ').Select(code => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray())];
            foreach (int[] input in columns)
            {
                var text = new List<int>(input);
                CanonicalComposition.Apply(text);
                Assert.True(columns[1].AsSpan().SequenceEqual(text.ToArray()), $"line {lines + 1}: {line}");
            }
            lines++;
        }
        Assert.Equal(19965, lines);
    }
}
