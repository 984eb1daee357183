using System.IO.Compression;
using System.Text.Json;
using NativeDiffusion.Imaging;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;
using Tensor = NativeDiffusion.Tensors.Tensor;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// A1111's pictures with an embedding: as base64 JSON in the PNG text <c>sd-ti-embedding</c>, or in the low four bits of two
/// strips left and right of the picture, for sites that strip text chunks.
/// </summary>
internal static class EmbeddingPicture
{
    private const string Keyword = "sd-ti-embedding";
    private const int MaximumJson = 1 << 26;

    /// <summary>Whether a file begins as PNG does.</summary>
    public static bool IsPng(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length < 8) return false;
        using MappedView view = file.View(0, 8);
        return view.Span.SequenceEqual("\u0089PNG\r\n\u001a\n".Select(letter => (byte)letter).ToArray());
    }

    /// <summary>Reads the embedding.</summary>
    /// <param name="path">The picture.</param>
    /// <exception cref="CheckpointException">The picture is damaged, or has none.</exception>
    public static (string? Name, IReadOnlyList<(string Key, Tensor Vectors)> Found) Read(string path)
    {
        try
        {
            PngText? text = PngImage.ReadTexts(path).FirstOrDefault(entry => entry.Keyword == Keyword);
            byte[] json = text is not null ? Convert.FromBase64String(text.Text) : FromStrips(PngImage.Read(path).ToRgb(), path);
            return Parse(LenientJson.Parse(json, path), path);
        }
        catch (Exception exception) when (exception is ImageFormatException or FormatException or InvalidDataException or IOException)
        {
            throw new CheckpointException($"{path}: the embedding in this picture cannot be read: {exception.Message}", path, Keyword, exception);
        }
    }

    /// <summary>The generator of the strips' mask: x ← 1664525 x + 1013904223 mod 2³², used mod 255.</summary>
    internal static void Mask(Span<byte> nibbles)
    {
        uint seed = 0;
        foreach (ref byte nibble in nibbles)
        {
            seed = unchecked((1664525 * seed) + 1013904223);
            nibble = (byte)((nibble ^ (byte)(seed % 255)) & 0x0F);
        }
    }

    // The strips are separated from the picture by black columns; black borders around everything are removed first.
    private static byte[] FromStrips(RgbImage image, string path)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        (int top, int bottom, int left, int right) = Crop(image);
        int[] black = [.. Enumerable.Range(left, Math.Max(right - left, 0)).Where(x => IsEmptyColumn(image, x, top, bottom))];
        if (black.Length < 2) throw new InvalidDataException($"it has neither the text {Keyword} nor strips of data");
        byte[] low = Nibbles(pixels, image.Width, top, bottom, left, black[0]);
        byte[] high = Nibbles(pixels, image.Width, top, bottom, black[^1] + 1, right);
        if (low.Length == 0 || low.Length != high.Length) throw new InvalidDataException("its strips of data have different sizes");
        Mask(low);
        Mask(high);
        for (int i = 0; i < low.Length; i++) low[i] |= (byte)(high[i] << 4);
        using var unpacked = new ZLibStream(new MemoryStream(low), CompressionMode.Decompress);
        using var json = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = unpacked.Read(buffer); count > 0; count = unpacked.Read(buffer))
        {
            json.Write(buffer, 0, count);
            if (json.Length > MaximumJson) throw new InvalidDataException($"{path}: its strips unpack to more than {MaximumJson} bytes");
        }

        return json.ToArray();
    }

    private static (int Top, int Bottom, int Left, int Right) Crop(RgbImage image)
    {
        (int top, int bottom, int left, int right) = (image.Height, 0, image.Width, 0);
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                ReadOnlySpan<byte> pixel = pixels.Slice(((y * image.Width) + x) * 3, 3);
                if (pixel.Contains((byte)0)) continue;
                (top, bottom, left, right) = (Math.Min(top, y), Math.Max(bottom, y + 1), Math.Min(left, x), Math.Max(right, x + 1));
            }
        }

        return (top, bottom, left, right);
    }

    private static bool IsEmptyColumn(RgbImage image, int x, int top, int bottom)
    {
        for (int y = top; y < bottom; y++)
        {
            foreach (byte sample in image.Pixels.Slice(((y * image.Width) + x) * 3, 3))
            {
                if ((sample & 0x0F) != 0) return false;
            }
        }

        return true;
    }

    private static byte[] Nibbles(ReadOnlySpan<byte> pixels, int width, int top, int bottom, int left, int right)
    {
        if (right <= left) return [];
        byte[] nibbles = new byte[(bottom - top) * (right - left) * 3];
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(((y * width) + left) * 3, (right - left) * 3);
            for (int i = 0; i < row.Length; i++) nibbles[((y - top) * row.Length) + i] = (byte)(row[i] & 0x0F);
        }

        return nibbles;
    }

    private static (string? Name, IReadOnlyList<(string Key, Tensor Vectors)> Found) Parse(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("string_to_param", out JsonElement parameters)
            || parameters.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"{path}: an embedding's JSON must hold an object string_to_param, but has none.", path, "string_to_param");
        string? name = root.TryGetProperty("name", out JsonElement entry) && entry.ValueKind == JsonValueKind.String ? entry.GetString() : null;
        var found = new List<(string, Tensor)>();
        foreach (JsonProperty parameter in parameters.EnumerateObject().Take(1)) found.Add((parameter.Name, Matrix(parameter, path)));
        return (name, found);
    }

    private static Tensor Matrix(JsonProperty parameter, string path)
    {
        if (parameter.Value.ValueKind != JsonValueKind.Object || !parameter.Value.TryGetProperty("TORCHTENSOR", out JsonElement rows)
            || rows.ValueKind != JsonValueKind.Array || rows.GetArrayLength() == 0)
            throw new CheckpointException($"{path}: string_to_param '{parameter.Name}' must be a TORCHTENSOR.", path, parameter.Name);
        JsonElement[][] numbers = [.. (rows[0].ValueKind == JsonValueKind.Array ? rows.EnumerateArray() : new[] { rows }.AsEnumerable())
            .Select(row => row.ValueKind == JsonValueKind.Array ? row.EnumerateArray().ToArray() : [])];
        int width = numbers[0].Length;
        if (width == 0 || numbers.Any(row => row.Length != width))
            throw new CheckpointException($"{path}: string_to_param '{parameter.Name}' must be rows of the same length.", path, parameter.Name);
        float[] data =
            [.. numbers.SelectMany(row => row).Select(
            item => LenientJson.TryGetNumber(item, out double number) ? (float)number
            : throw new CheckpointException($"{path}: string_to_param '{parameter.Name}' must hold numbers.", path, parameter.Name))];
        return new Tensor(new TensorShape(numbers.Length, width), data);
    }
}
