namespace NativeDiffusion.Solvers;

/// <summary>The unit combinations: the symbols of solver formulas.</summary>
internal static class Terms
{
    /// <summary>The state x at the evaluation.</summary>
    public static SolverCombination X { get; } = new() { X = 1 };

    /// <summary>The saved x.</summary>
    public static SolverCombination Saved { get; } = new() { Saved = 1 };

    /// <summary>This evaluation's x0 ("denoised").</summary>
    public static SolverCombination X0 { get; } = new() { X0 = 1 };

    /// <summary>This evaluation's ε.</summary>
    public static SolverCombination Eps { get; } = new() { Eps = 1 };

    /// <summary>The noise drawn after this evaluation.</summary>
    public static SolverCombination Noise { get; } = new() { Noise = 1 };

    /// <summary>One of the four history slots.</summary>
    public static SolverCombination Slot(int slot) => slot switch
    {
        0 => new() { Slot0 = 1 },
        1 => new() { Slot1 = 1 },
        2 => new() { Slot2 = 1 },
        3 => new() { Slot3 = 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(slot), slot, "A solver has four history slots, 0 to 3."),
    };
}
