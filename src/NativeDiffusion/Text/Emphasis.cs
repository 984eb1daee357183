using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>The effect of weights on the states of a chunk.</summary>
internal static class Emphasis
{
    /// <summary>
    /// A1111: states times weight, then (unless <paramref name="normalize"/> is off) times mean before by mean after. The mean is over all texts of the
    /// batch:
    /// A1111 encodes the texts of an edited prompt together, so their weights affect each other. The means are computed in double: they are about a thousandth
    /// of the states' size, so torch's own, summed in float32, has no more than five correct digits, and fewer for some texts.
    /// </summary>
    /// <param name="rows">The states [1, 77, D] of this chunk of each text, changed in place, and the chunk's weights.</param>
    /// <param name="batch">The batch as numbers of rows: a text used at several steps occurs in it as often.</param>
    /// <param name="normalize">Whether the mean is restored.</param>
    public static void Multiply(IReadOnlyList<(Tensor States, IReadOnlyList<double> Multipliers)> rows, IReadOnlyList<int> batch, bool normalize)
    {
        if (rows.All(row => row.Multipliers.All(multiplier => multiplier == 1))) return;
        double before = normalize ? Sum(rows, batch) : 0;
        foreach ((Tensor states, IReadOnlyList<double> multipliers) in rows)
        {
            int width = states.Shape[2];
            for (int token = 0; token < multipliers.Count; token++)
            {
                float multiplier = (float)multipliers[token];
                foreach (ref float value in states.Span.Slice(token * width, width)) value *= multiplier;
            }
        }
        if (!normalize) return;
        double after = Sum(rows, batch);
        // All weights 0: there is no mean to restore, and A1111's division makes everything NaN.
        if (after == 0) return;
        float scale = (float)(before / after);
        foreach ((Tensor states, _) in rows)
        {
            foreach (ref float value in states.Span) value *= scale;
        }
    }

    /// <summary>ComfyUI: interpolation from the empty text's state to the word's, with the weight as factor.</summary>
    /// <param name="states">[1, 77, D], changed in place.</param>
    /// <param name="empty">[1, 77, D] of the empty text.</param>
    /// <param name="multipliers">77 weights.</param>
    public static void Interpolate(Tensor states, Tensor empty, IReadOnlyList<double> multipliers)
    {
        int width = states.Shape[2];
        for (int token = 0; token < multipliers.Count; token++)
        {
            if (multipliers[token] == 1) continue;
            float weight = (float)multipliers[token];
            for (int i = token * width; i < (token + 1) * width; i++)
                states.Data[i] = ((states.Data[i] - empty.Data[i]) * weight) + empty.Data[i];
        }
    }

    private static double Sum(IReadOnlyList<(Tensor States, IReadOnlyList<double> Multipliers)> rows, IReadOnlyList<int> batch)
    {
        double[] sums = [.. rows.Select(row => Sum(row.States.Data))];
        return batch.Sum(row => sums[row]);
    }

    private static double Sum(float[] values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return sum;
    }
}
