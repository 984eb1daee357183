using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>Concatenates and pads text states [1, tokens, width] along the tokens.</summary>
internal static class TextStates
{
    /// <summary>Concatenates them.</summary>
    public static Tensor Join(IReadOnlyList<Tensor> parts)
    {
        if (parts.Count == 1) return parts[0];
        int width = parts[0].Shape[2];
        var joined = new Tensor(new TensorShape(1, parts.Sum(part => part.Shape[1]), width));
        int at = 0;
        foreach (Tensor part in parts)
        {
            part.Data.CopyTo(joined.Span[at..]);
            at += part.Data.Length;
        }
        return joined;
    }

    /// <summary>Pads to a number of tokens with the last one's state.</summary>
    public static Tensor RepeatLast(Tensor states, int tokens)
    {
        int width = states.Shape[2];
        int missing = tokens - states.Shape[1];
        if (missing <= 0) return states;
        var filling = new Tensor(new TensorShape(1, missing, width));
        for (int i = 0; i < missing; i++)
            states.Span[^width..].CopyTo(filling.Span[(i * width)..]);
        return Join([states, filling]);
    }

    /// <summary>Replaces each tensor of a sub-prompt; one used at several steps is replaced once.</summary>
    public static SubPromptConditioning Map(SubPromptConditioning part, Func<Tensor, Tensor> map)
    {
        var made = new Dictionary<Tensor, Tensor>();
        Tensor Once(Tensor states) => made.TryGetValue(states, out Tensor? known) ? known : made[states] = map(states);
        return part with { Schedule = [.. part.Schedule.Select(entry => entry with { States = Once(entry.States) })] };
    }
}
