namespace NativeDiffusion.Text;

/// <summary>A text of an edited prompt and its last step.</summary>
/// <param name="EndStep">The last step of this text, as A1111 counts: see <see cref="PromptSchedule.EntryAt"/>.</param>
/// <param name="Text">The text, still with its attention brackets.</param>
public readonly record struct PromptScheduleEntry(int EndStep, string Text);
