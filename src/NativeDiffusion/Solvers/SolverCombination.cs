using System.Globalization;

namespace NativeDiffusion.Solvers;

/// <summary>
/// One output of a row as a linear combination of the state. Combinations add and scale like vectors, so that a solver's formula
/// is written once, as in its paper, and yields the coefficients.
/// </summary>
public readonly record struct SolverCombination
{
    /// <summary>The coefficient of the state x at the evaluation (before the input scale, after churn).</summary>
    public double X { get; init; }

    /// <summary>The coefficient of the saved x.</summary>
    public double Saved { get; init; }

    /// <summary>The coefficient of this evaluation's x0.</summary>
    public double X0 { get; init; }

    /// <summary>The coefficient of this evaluation's ε.</summary>
    public double Eps { get; init; }

    /// <summary>The coefficient of history slot 0.</summary>
    public double Slot0 { get; init; }

    /// <summary>The coefficient of history slot 1.</summary>
    public double Slot1 { get; init; }

    /// <summary>The coefficient of history slot 2.</summary>
    public double Slot2 { get; init; }

    /// <summary>The coefficient of history slot 3.</summary>
    public double Slot3 { get; init; }

    /// <summary>The coefficient of the noise drawn after the evaluation.</summary>
    public double Noise { get; init; }

    /// <summary>Whether every coefficient is a finite number.</summary>
    public bool IsFinite => double.IsFinite(X + Saved + X0 + Eps + Slot0 + Slot1 + Slot2 + Slot3 + Noise);

    /// <summary>Adds two combinations term by term.</summary>
    public static SolverCombination operator +(SolverCombination left, SolverCombination right) => left.Add(right);

    /// <summary>Subtracts term by term.</summary>
    public static SolverCombination operator -(SolverCombination left, SolverCombination right) => left.Add(right.Multiply(-1));

    /// <summary>Scales every term.</summary>
    public static SolverCombination operator *(double factor, SolverCombination combination) => combination.Multiply(factor);

    /// <summary>Adds another combination term by term.</summary>
    public SolverCombination Add(SolverCombination other) => new()
    {
        X = X + other.X,
        Saved = Saved + other.Saved,
        X0 = X0 + other.X0,
        Eps = Eps + other.Eps,
        Slot0 = Slot0 + other.Slot0,
        Slot1 = Slot1 + other.Slot1,
        Slot2 = Slot2 + other.Slot2,
        Slot3 = Slot3 + other.Slot3,
        Noise = Noise + other.Noise,
    };

    /// <summary>Subtracts another combination term by term.</summary>
    public SolverCombination Subtract(SolverCombination other) => Add(other.Multiply(-1));

    /// <summary>Scales every term; an absent term stays absent for any factor.</summary>
    public SolverCombination Multiply(double factor)
    {
        return new()
        {
            X = Times(X),
            Saved = Times(Saved),
            X0 = Times(X0),
            Eps = Times(Eps),
            Slot0 = Times(Slot0),
            Slot1 = Times(Slot1),
            Slot2 = Times(Slot2),
            Slot3 = Times(Slot3),
            Noise = Times(Noise),
        };

        double Times(double coefficient) => coefficient == 0 ? 0 : coefficient * factor;
    }

    /// <summary>The terms as a formula: <c>0.5·x - 1.25·x0</c>.</summary>
    public override string ToString()
    {
        (double Coefficient, string Name)[] terms =
            [(X, "x"), (Saved, "saved"), (X0, "x0"), (Eps, "eps"), (Slot0, "h0"), (Slot1, "h1"), (Slot2, "h2"), (Slot3, "h3"), (Noise, "noise")];
        string text = string.Join(
            " + ", terms
                .Where(term => term.Coefficient != 0).Select(term => string.Create(CultureInfo.InvariantCulture, $"{term.Coefficient:g8}·{term.Name}")));
        return text.Length == 0 ? "0" : text.Replace("+ -", "- ", StringComparison.Ordinal);
    }
}
