using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>A prompt as text states for the denoiser, over the whole run.</summary>
public sealed class PromptConditioning
{
    /// <summary>Creates a conditioning; sub-prompts with fewer tokens are padded with their last state, as in A1111.</summary>
    /// <param name="subPrompts">At least one.</param>
    /// <exception cref="ArgumentException">There is none, or one has no states.</exception>
    public PromptConditioning(IReadOnlyList<SubPromptConditioning> subPrompts)
    {
        ArgumentNullException.ThrowIfNull(subPrompts);
        if (subPrompts.Count == 0 || subPrompts.Any(part => part.Schedule.Count == 0))
            throw new ArgumentException("A conditioning needs at least one sub-prompt, and each at least one tensor of states.", nameof(subPrompts));
        Tokens = subPrompts.Max(part => part.Schedule[0].States.Shape[1]);
        SubPrompts = [.. subPrompts.Select(part => TextStates.Map(part, states => TextStates.RepeatLast(states, Tokens)))];
    }

    /// <summary>The prompts combined by AND; without AND one of weight 1.</summary>
    public IReadOnlyList<SubPromptConditioning> SubPrompts { get; }

    /// <summary>The number of tokens of all states: a multiple of 77.</summary>
    public int Tokens { get; }

    /// <summary>The number of tokens of the longest text, begin, end and padding excluded.</summary>
    public int TokenCount { get; init; }

    /// <summary>The text that was truncated, or null.</summary>
    public string? Truncated { get; init; }

    /// <summary>The embeddings that the prompt uses.</summary>
    public IReadOnlyList<string> UsedEmbeddings { get; init; } = [];

    /// <summary>Whether the states are the same at every evaluation.</summary>
    public bool IsConstant => SubPrompts.All(part => part.Schedule.All(entry => entry.States == part.Schedule[0].States));

    /// <summary>The states at a model evaluation.</summary>
    /// <param name="evaluation">The number of model evaluations done before.</param>
    /// <returns><returns>One entry per sub-prompt.</returns></returns>
    public IReadOnlyList<WeightedStates> At(int evaluation) => [.. SubPrompts.Select(part => new WeightedStates(part.Weight, part.StatesAt(evaluation)))];

    /// <summary>A conditioning of given states: prompt embeddings computed or kept by the caller.</summary>
    /// <param name="states">[1, tokens, width].</param>
    public static PromptConditioning FromStates(Tensor states)
    {
        ArgumentNullException.ThrowIfNull(states);
        if (states.Shape.Rank != 3 || states.Shape[0] != 1 || states.Shape[1] == 0)
            throw new ArgumentException($"Text states of the shape {states.Shape} were given; expected [1, tokens, width].", nameof(states));
        return new PromptConditioning([new SubPromptConditioning(1, [new ScheduledStates(int.MaxValue, string.Empty, states)])]);
    }
}
