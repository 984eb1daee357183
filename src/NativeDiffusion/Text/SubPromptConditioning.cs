using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>One of the prompts combined by AND, as text states over the run.</summary>
/// <param name="Weight">The weight of its guidance.</param>
/// <param name="Schedule">Its texts in the order of their steps; at least one, all with as many tokens.</param>
public sealed record SubPromptConditioning(double Weight, IReadOnlyList<ScheduledStates> Schedule)
{
    /// <summary>The states at a model evaluation: those of the first entry whose end is not below it.</summary>
    /// <param name="evaluation">The number of model evaluations done before.</param>
    public Tensor StatesAt(int evaluation)
    {
        foreach (ScheduledStates entry in Schedule)
        {
            if (evaluation <= entry.EndStep) return entry.States;
        }
        return Schedule[0].States;
    }
}
