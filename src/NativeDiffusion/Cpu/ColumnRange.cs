namespace NativeDiffusion.Cpu;

/// <summary>
/// Outputs <see cref="First"/> … <see cref="End"/> - 1 of a product, in the checkpoint's order of rows: one of several joined layers. The panels and
/// lanes of the columns follow from it: bounds need not be multiples of a panel's width, and with GEGLU's interleaving a panel holds 16 values and
/// their 16 gates.
/// </summary>
internal readonly record struct ColumnRange
{
    private const int Half = PackedMatrix.PanelWidth / 2;

    /// <summary>Columns <paramref name="first"/> … <paramref name="end"/> - 1 of <paramref name="outputs"/>.</summary>
    /// <param name="first">First column.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="outputs">All outputs of the product; with GEGLU values and gates.</param>
    /// <param name="isGated">Whether the product's panels are interleaved for GEGLU.</param>
    /// <exception cref="ArgumentException">The range is empty or exceeds the outputs, or gated outputs are odd.</exception>
    public ColumnRange(int first, int end, int outputs, bool isGated = false)
    {
        if (first < 0 || end <= first || end > outputs)
            throw new ArgumentException($"Columns {first} to {end} are no range of {outputs} outputs: give 0 <= first < end <= outputs.");
        if (isGated && outputs % 2 != 0)
            throw new ArgumentException($"A gated product has as many gates as values, not {outputs} outputs together.");
        First = first;
        End = end;
        Outputs = outputs;
        IsGated = isGated;
    }

    /// <summary>First column.</summary>
    public int First { get; }

    /// <summary>The column after the last.</summary>
    public int End { get; }

    /// <summary>All outputs of the product that the columns belong to.</summary>
    public int Outputs { get; }

    /// <summary>Whether the product's panels are interleaved for GEGLU.</summary>
    public bool IsGated { get; }

    /// <summary>Number of columns.</summary>
    public int Count => End - First;

    /// <summary>First of the product's panels that holds a column of the range.</summary>
    public int FirstPanel => !IsGated ? First / PackedMatrix.PanelWidth
        : HasValues && HasGates ? Math.Min(First, Math.Max(First, Inner) - Inner) / Half
        : (HasValues ? First : First - Inner) / Half;

    /// <summary>The panel after the last that holds a column of the range; panels in between may hold none (the end of the values, the first gates).</summary>
    public int EndPanel => !IsGated ? (End + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth
        : (Math.Max(HasValues ? Math.Min(End, Inner) : 0, HasGates ? End - Inner : 0) + Half - 1) / Half;

    private int Inner => Outputs / 2;

    private bool HasValues => First < Inner;

    private bool HasGates => End > Inner;

    /// <summary>The packed row, counted over all of the product's panels, of each column in the range.</summary>
    public int[] Rows() => IsGated ? PackedMatrix.GeGluRows(Outputs)[First..End] : [.. Enumerable.Range(First, Count)];

    /// <summary>Whether a panel is between <see cref="FirstPanel"/> and <see cref="EndPanel"/>.</summary>
    public bool Covers(int panel) => panel >= FirstPanel && panel < EndPanel;

    /// <summary>
    /// The range's columns in one half of a panel, which holds 16 adjacent columns: lanes <paramref name="from"/> … <paramref name="to"/> - 1 of the
    /// half are the range's columns <paramref name="place"/> …, counted from <see cref="First"/>; none if <paramref name="to"/> is not above
    /// <paramref name="from"/>.
    /// </summary>
    public void Lanes(int panel, int half, out int from, out int to, out int place)
    {
        int start = IsGated ? (half * Inner) + (panel * Half) : (panel * PackedMatrix.PanelWidth) + (half * Half);
        // Of the last values' panel, lanes beyond the values count too: they hold zeros and are never written.
        from = Math.Max(First - start, 0);
        to = Math.Min(End - start, Half);
        place = start + from - First;
    }
}
