namespace NativeDiffusion.Text;

/// <summary>Normalisation Form C over code points (Unicode Standard Annex 15), in time linear in the text but for n log n in runs of marks.</summary>
internal static class CanonicalComposition
{
    private const int SBase = 0xAC00;
    private const int LBase = 0x1100;
    private const int VBase = 0x1161;
    private const int TBase = 0x11A7;
    private const int LCount = 19;
    private const int VCount = 21;
    private const int TCount = 28;
    private const int SCount = LCount * VCount * TCount;

    /// <summary>Normalises in place.</summary>
    public static void Apply(List<int> text)
    {
        if (!NeedsWork(text)) return;
        UnicodeTables tables = UnicodeTables.Instance;
        var decomposed = new List<int>(text.Count + 8);
        foreach (int code in text)
            Decompose(code, decomposed, tables);
        Order(decomposed, tables);
        Compose(decomposed, tables);
        text.Clear();
        text.AddRange(decomposed);
    }

    /// <summary>Below U+0300 every code point is composed and a starter.</summary>
    private static bool NeedsWork(List<int> text)
    {
        foreach (int code in text)
        {
            if (code >= 0x300) return true;
        }
        return false;
    }

    private static void Decompose(int code, List<int> output, UnicodeTables tables)
    {
        if ((uint)(code - SBase) < SCount)
        {
            int index = code - SBase;
            output.Add(LBase + (index / (VCount * TCount)));
            output.Add(VBase + (index % (VCount * TCount) / TCount));
            if (index % TCount != 0) output.Add(TBase + (index % TCount));
        }
        else if (code >= 0xC0 && tables.TryDecompose(code, out int first, out int second))
        {
            Decompose(first, output, tables);
            if (second != 0) output.Add(second);
        }
        else
        {
            output.Add(code);
        }
    }

    /// <summary>Sorts each run of marks by combining class, equal ones in their order.</summary>
    private static void Order(List<int> text, UnicodeTables tables)
    {
        for (int start = 0; start < text.Count; start++)
        {
            if (tables.CombiningClass(text[start]) == 0) continue;
            int end = start + 1;
            bool sorted = true;
            while (end < text.Count && tables.CombiningClass(text[end]) is var next and not 0)
            {
                sorted &= tables.CombiningClass(text[end - 1]) <= next;
                end++;
            }
            if (!sorted)
            {
                int[] run = [.. text[start..end].OrderBy(code => tables.CombiningClass(code))];
                for (int i = 0; i < run.Length; i++)
                    text[start + i] = run[i];
            }
            start = end;
        }
    }

    private static void Compose(List<int> text, UnicodeTables tables)
    {
        int starter = -1;
        int lastClass = -1;
        int length = 0;
        for (int at = 0; at < text.Count; at++)
        {
            int code = text[at];
            byte combiningClass = tables.CombiningClass(code);
            bool blocked = lastClass >= combiningClass && lastClass != -1;
            if (starter >= 0 && !blocked && TryCompose(text[starter], code, tables, out int composite))
            {
                text[starter] = composite;
                continue;
            }
            if (combiningClass == 0)
            {
                starter = length;
                lastClass = -1;
            }
            else
            {
                lastClass = combiningClass;
            }
            text[length++] = code;
        }
        text.RemoveRange(length, text.Count - length);
    }

    private static bool TryCompose(int first, int second, UnicodeTables tables, out int composite)
    {
        if ((uint)(first - LBase) < LCount && (uint)(second - VBase) < VCount)
        {
            composite = SBase + ((((first - LBase) * VCount) + second - VBase) * TCount);
            return true;
        }
        if ((uint)(first - SBase) < SCount && (first - SBase) % TCount == 0 && second > TBase && second < TBase + TCount)
        {
            composite = first + second - TBase;
            return true;
        }
        return tables.TryCompose(first, second, out composite);
    }
}
