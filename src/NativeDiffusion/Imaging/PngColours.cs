namespace NativeDiffusion.Imaging;

/// <summary>Converts a row's samples of any colour type and depth to RGBA bytes.</summary>
internal sealed class PngColours
{
    private readonly PngFile _png;
    private readonly PngHeader _header;
    private readonly byte[] _palette = [];
    private readonly byte[] _opacities = [];
    private readonly int[]? _transparent; // the samples of the one colour that is transparent

    /// <summary>Reads palette and transparency.</summary>
    public PngColours(PngFile png, PngHeader header)
    {
        _png = png;
        _header = header;
        if (header.ColourType == 3) _palette = Palette();
        if (png.Find("tRNS") is { } chunk)
        {
            ReadOnlySpan<byte> data = chunk.Data.Span;
            if (header.ColourType == 3) _opacities = data.ToArray();
            else if (header.ColourType is 4 or 6) throw png.Error("has a tRNS chunk although its pixels carry opacity");
            else if (data.Length != 2 * header.Samples) throw png.Error(
                $"has a tRNS chunk of {data.Length} bytes; colour type {header.ColourType} needs {2 * header.Samples}");
            else _transparent = [.. Enumerable.Range(0, header.Samples).Select(i => (chunk.Data.Span[2 * i] << 8) | chunk.Data.Span[2 * i + 1])];
            if (_opacities.Length > _palette.Length / 3) throw png.Error(
                $"has opacities for {_opacities.Length} colours, but a palette of {_palette.Length / 3}");
        }
    }

    /// <summary>Whether any pixel can be other than opaque.</summary>
    public bool HasAlpha => _header.ColourType is 4 or 6 || _opacities.Length > 0 || _transparent is not null;

    /// <summary>Writes a row's pixels.</summary>
    /// <param name="samples">The unfiltered row.</param>
    /// <param name="columns">Its pixels.</param>
    /// <param name="rgba">Where the first pixel goes.</param>
    /// <param name="step">Bytes from one pixel to the next.</param>
    public void Expand(ReadOnlySpan<byte> samples, int columns, Span<byte> rgba, int step)
    {
        Span<int> pixel = stackalloc int[4];
        for (int column = 0; column < columns; column++)
        {
            for (int s = 0; s < _header.Samples; s++) pixel[s] = Sample(samples, column * _header.Samples + s);
            Put(pixel, rgba.Slice(column * step, 4));
        }
    }

    private void Put(ReadOnlySpan<int> pixel, Span<byte> rgba)
    {
        rgba[3] = 255;
        switch (_header.ColourType)
        {
            case 3:
                int index = pixel[0];
                if (index >= _palette.Length / 3) throw _png.Error($"uses colour {index} of a palette of {_palette.Length / 3}");
                _palette.AsSpan(index * 3, 3).CopyTo(rgba);
                if (index < _opacities.Length) rgba[3] = _opacities[index];
                return;
            case 0 or 4:
                rgba[..3].Fill(ToByte(pixel[0]));
                break;
            default:
                for (int c = 0; c < 3; c++) rgba[c] = ToByte(pixel[c]);
                break;
        }

        if (_header.ColourType is 4 or 6) rgba[3] = ToByte(pixel[_header.Samples - 1]);
        else if (_transparent is not null && pixel[.._header.Samples].SequenceEqual(_transparent)) rgba[3] = 0;
    }

    private int Sample(ReadOnlySpan<byte> samples, int index) => _header.Depth switch
    {
        8 => samples[index],
        16 => (samples[2 * index] << 8) | samples[2 * index + 1],
        int depth => (samples[index * depth / 8] >> (8 - depth - index * depth % 8)) & ((1 << depth) - 1),
    };

    private byte ToByte(int sample) => _header.Depth switch
    {
        8 => (byte)sample,
        16 => (byte)(sample >> 8),
        int depth => (byte)(sample * 255 / ((1 << depth) - 1)),
    };

    private byte[] Palette()
    {
        if (_png.Find("PLTE") is not { } chunk) throw _png.Error("has palette colours but no PLTE chunk");
        if (chunk.Data.Length % 3 != 0 || chunk.Data.Length is 0 or > 768)
            throw _png.Error($"has a PLTE chunk of {chunk.Data.Length} bytes; it must be 3 to 768 and a multiple of 3");
        return chunk.Data.ToArray();
    }
}
