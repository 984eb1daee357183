namespace NativeDiffusion.Cpu;

/// <summary>The coefficients of one output of a solver's row, in the order in which they are summed.</summary>
internal struct SolverStepTerms
{
    /// <summary>Of the state x.</summary>
    public double X;

    /// <summary>Of the saved x.</summary>
    public double Saved;

    /// <summary>Of the new x0.</summary>
    public double X0;

    /// <summary>Of the new ε.</summary>
    public double Eps;

    /// <summary>Of history slot 0.</summary>
    public double Slot0;

    /// <summary>Of history slot 1.</summary>
    public double Slot1;

    /// <summary>Of history slot 2.</summary>
    public double Slot2;

    /// <summary>Of history slot 3.</summary>
    public double Slot3;

    /// <summary>Of the noise.</summary>
    public double Noise;
}
