namespace NativeDiffusion.Imaging;

/// <summary>Arranges pictures in a grid, row by row, each centred in a cell of the largest picture's size, its label below it.</summary>
public static class ContactSheet
{
    /// <summary>Creates the sheet.</summary>
    /// <param name="images">The pictures, at least one; sizes may differ.</param>
    /// <param name="columns">Cells across; 0 for about a square.</param>
    /// <param name="gap">Pixels between cells and around them.</param>
    /// <param name="background">Grey of the gaps, 0 to 255.</param>
    /// <param name="labels">Rendered labels, one per picture (null for none), cropped to the cell's width; null for no labels.</param>
    /// <exception cref="ArgumentException">There is no picture, the numbers of labels and pictures differ, or the sheet would be too large.</exception>
    public static RgbImage Build(IReadOnlyList<RgbImage> images, int columns = 0, int gap = 8, byte background = 255, IReadOnlyList<RgbImage?>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        if (images.Count == 0) throw new ArgumentException("A contact sheet needs at least one picture.", nameof(images));
        if (labels is not null && labels.Count != images.Count) throw new ArgumentException(
            $"There are {images.Count} pictures but {labels.Count} labels.", nameof(labels));
        if (columns == 0) columns = (int)Math.Ceiling(Math.Sqrt(images.Count));
        columns = Math.Min(columns, images.Count);
        int rows = (images.Count + columns - 1) / columns;
        int cellWidth = images.Max(image => image.Width);
        int cellHeight = images.Max(image => image.Height);
        int labelHeight = labels?.Max(label => label?.Height ?? 0) ?? 0;

        long width = gap + (long)columns * (cellWidth + gap);
        long height = gap + (long)rows * (cellHeight + labelHeight + gap);
        if (width * height > RgbImage.MostPixels) throw new ArgumentException(
            $"The sheet would have {width}x{height} pixels; the maximum is {RgbImage.MostPixels}. Use fewer pictures.", nameof(images));
        byte[] sheet = new byte[width * height * 3];
        sheet.AsSpan().Fill(background);
        for (int i = 0; i < images.Count; i++)
        {
            int x = gap + i % columns * (cellWidth + gap);
            int y = gap + i / columns * (cellHeight + labelHeight + gap);
            Paste(sheet, (int)width, images[i], x + (cellWidth - images[i].Width) / 2, y + (cellHeight - images[i].Height) / 2, images[i].Width);
            if (labels?[i] is { } label)
            {
                int shown = Math.Min(label.Width, cellWidth);
                Paste(sheet, (int)width, label, x + (cellWidth - shown) / 2, y + cellHeight, shown);
            }
        }

        return RgbImage.Adopt((int)width, (int)height, sheet);
    }

    private static void Paste(byte[] sheet, int sheetWidth, RgbImage image, int x, int y, int shown)
    {
        for (int row = 0; row < image.Height; row++)
            image.Pixels.Slice(row * image.Width * 3, shown * 3).CopyTo(sheet.AsSpan(((y + row) * sheetWidth + x) * 3));
    }
}
