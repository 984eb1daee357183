namespace NativeDiffusion.Text;

/// <summary>
/// The texts of an edited prompt over the steps: <c>[from:to:when]</c>, <c>[to:when]</c>, <c>[from::when]</c> and <c>[a|b|c]</c>. A prompt that the grammar
/// cannot parse (a stray <c>|</c>, a backslash at the end) is unchanged.
/// </summary>
public sealed class PromptSchedule
{
    private PromptSchedule(IReadOnlyList<PromptScheduleEntry> entries) => Entries = entries;

    /// <summary>The texts in the order of their steps; the last one's end is the number of steps.</summary>
    public IReadOnlyList<PromptScheduleEntry> Entries { get; }

    /// <summary>Parses a prompt.</summary>
    /// <param name="prompt">The prompt, without extra networks and AND.</param>
    /// <param name="steps">The number of steps (model evaluations, for solvers with two per step).</param>
    /// <param name="hiresSteps">
    /// The steps of the second pass, when the schedule of that pass is requested: integers then count on from <paramref name="steps"/>, fractions from 1
    /// to 2.
    /// </param>
    /// <param name="oldTimelines">A1111's rule before 1.6: any number below 1 is a fraction, any other a step, and both passes share it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count of steps is below 1.</exception>
    public static PromptSchedule Parse(string prompt, int steps, int? hiresSteps = null, bool oldTimelines = false)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (hiresSteps is { } count) ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(hiresSteps));
        var timeline = new PromptTimeline(steps, oldTimelines ? null : hiresSteps, oldTimelines);
        if (PromptScheduleTree.Parse(prompt) is not { } tree)
            return new PromptSchedule([new PromptScheduleEntry(timeline.Steps, prompt)]);
        return new PromptSchedule([.. tree.Ends(timeline).Select(step => new PromptScheduleEntry(step, tree.TextAt(step, timeline)))]);
    }

    /// <summary>A text for all steps, without parsing edits.</summary>
    internal static PromptSchedule Constant(string text, int steps) => new([new PromptScheduleEntry(steps, text)]);

    /// <summary>
    /// The entry at a model evaluation, counted from 0: the first whose <see cref="PromptScheduleEntry.EndStep"/> is not below it. So
    /// <c>[fog:3]</c> adds fog from the fifth evaluation on, as in A1111, where the schedule counts from 1 and the sampler from 0.
    /// </summary>
    /// <param name="evaluation">The number of model evaluations done before.</param>
    public PromptScheduleEntry EntryAt(int evaluation)
    {
        foreach (PromptScheduleEntry entry in Entries)
        {
            if (evaluation <= entry.EndStep) return entry;
        }
        // A1111 uses the first one past the end; no evaluation of a whole run reaches it.
        return Entries[0];
    }
}
