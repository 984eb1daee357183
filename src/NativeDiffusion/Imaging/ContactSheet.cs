namespace NativeDiffusion.Imaging;

/// <summary>Lays pictures out in a grid, row by row, each in the middle of a cell of the largest picture's size, its label below it.</summary>
public static class ContactSheet
{
    private const int LabelScale = 2;
    private const int MostLines = 4;

    /// <summary>Makes the sheet.</summary>
    /// <param name="images">The pictures, at least one; sizes may differ.</param>
    /// <param name="columns">Cells across; 0 for about a square.</param>
    /// <param name="gap">Pixels between cells and around them.</param>
    /// <param name="background">Grey of the gaps, 0 to 255.</param>
    /// <param name="labels">A text for each picture, broken into at most four lines; null for no labels. Letters beyond ASCII become boxes.</param>
    /// <exception cref="ArgumentException">There is no picture, the labels are not as many as the pictures, or the sheet would be too large.</exception>
    public static RgbImage Build(IReadOnlyList<RgbImage> images, int columns = 0, int gap = 8, byte background = 255, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        if (images.Count == 0) throw new ArgumentException("A contact sheet needs at least one picture.", nameof(images));
        if (labels is not null && labels.Count != images.Count) throw new ArgumentException($"There are {images.Count} pictures but {labels.Count} labels.", nameof(labels));
        if (columns == 0) columns = (int)Math.Ceiling(Math.Sqrt(images.Count));
        columns = Math.Min(columns, images.Count);
        int rows = (images.Count + columns - 1) / columns;
        int cellWidth = images.Max(image => image.Width);
        int cellHeight = images.Max(image => image.Height);
        List<string>[]? lines = labels?.Select(label => PixelFont.Wrap(label ?? "", Math.Max(cellWidth / (PixelFont.Advance * LabelScale), 1), MostLines)).ToArray();
        int labelHeight = lines is null ? 0 : (lines.Max(label => label.Count) * PixelFont.LineHeight + 2) * LabelScale;

        long width = gap + (long)columns * (cellWidth + gap);
        long height = gap + (long)rows * (cellHeight + labelHeight + gap);
        if (width * height > RgbImage.MostPixels) throw new ArgumentException($"The sheet would have {width}x{height} pixels; at most {RgbImage.MostPixels} are possible. Take fewer pictures.", nameof(images));
        byte[] sheet = new byte[width * height * 3];
        sheet.AsSpan().Fill(background);
        for (int i = 0; i < images.Count; i++)
        {
            int x = gap + i % columns * (cellWidth + gap);
            int y = gap + i / columns * (cellHeight + labelHeight + gap);
            Paste(sheet, (int)width, images[i], x + (cellWidth - images[i].Width) / 2, y + (cellHeight - images[i].Height) / 2);
            for (int line = 0; line < (lines?[i].Count ?? 0); line++)
                PixelFont.Draw(lines![i][line], LabelScale, x, y + cellHeight + (line * PixelFont.LineHeight + 2) * LabelScale, (px, py) => Ink(sheet, (int)width, x + cellWidth, px, py, background));
        }

        return RgbImage.Adopt((int)width, (int)height, sheet);
    }

    // Black on light, white on dark; never beyond the cell.
    private static void Ink(byte[] sheet, int sheetWidth, int right, int x, int y, byte background)
    {
        if (x < right) sheet.AsSpan((y * sheetWidth + x) * 3, 3).Fill(background >= 128 ? (byte)0 : (byte)255);
    }

    private static void Paste(byte[] sheet, int sheetWidth, RgbImage image, int x, int y)
    {
        for (int row = 0; row < image.Height; row++)
            image.Pixels.Slice(row * image.Width * 3, image.Width * 3).CopyTo(sheet.AsSpan(((y + row) * sheetWidth + x) * 3));
    }
}
