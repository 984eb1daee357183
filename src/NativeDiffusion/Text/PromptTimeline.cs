using System.Globalization;

namespace NativeDiffusion.Text;

/// <summary>The interpretation of the "when" of an edit.</summary>
internal sealed class PromptTimeline
{
    private readonly int _stepOffset;
    private readonly double _fractionOffset;
    private readonly bool _old;

    public PromptTimeline(int steps, int? hiresSteps, bool old)
    {
        Steps = hiresSteps ?? steps;
        _stepOffset = hiresSteps is null ? 0 : steps;
        _fractionOffset = hiresSteps is null ? 0 : 1;
        _old = old;
    }

    /// <summary>The steps of this pass.</summary>
    public int Steps { get; }

    /// <summary>
    /// The step of an edit: a number with a point is a fraction of the steps, one without is a step; at most <see cref="Steps"/>.
    /// </summary>
    public int StepOf(string when)
    {
        double value = double.Parse(when, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (_old)
            value = value < 1 ? value * Steps : value;
        else if (when.Contains('.', StringComparison.Ordinal))
            value = (value - _fractionOffset) * Steps;
        else
            value -= _stepOffset;
        return (int)Math.Truncate(Math.Clamp(value, int.MinValue, Steps));
    }
}
