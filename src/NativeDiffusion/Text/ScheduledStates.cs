using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>The states of a text and its last evaluation.</summary>
/// <param name="EndStep">The last evaluation of this text: see <see cref="PromptSchedule.EntryAt"/>.</param>
/// <param name="Text">The text.</param>
/// <param name="States">[1, tokens, width]; equal texts share one tensor.</param>
public sealed record ScheduledStates(int EndStep, string Text, Tensor States);
