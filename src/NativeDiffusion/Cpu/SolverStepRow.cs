namespace NativeDiffusion.Cpu;

/// <summary>The numbers of a solver's row, as the kernel takes them.</summary>
internal struct SolverStepRow
{
    /// <summary>x0 = X0FromX·x + X0FromModel·m.</summary>
    public double X0FromX;

    /// <summary>The share of the prediction in x0.</summary>
    public double X0FromModel;

    /// <summary>ε = EpsFromX·x + EpsFromModel·m.</summary>
    public double EpsFromX;

    /// <summary>The share of the prediction in ε.</summary>
    public double EpsFromModel;

    /// <summary>x = SignalLevel·x0 + NoiseLevel·ε; needed where x0 is replaced in known regions.</summary>
    public double SignalLevel;

    /// <summary>The share of ε in x.</summary>
    public double NoiseLevel;

    /// <summary>The new x.</summary>
    public SolverStepTerms Next;

    /// <summary>The new saved x.</summary>
    public SolverStepTerms Save;

    /// <summary>The slot that takes StoreX0·x0 + StoreEps·ε, or -1.</summary>
    public int StoreSlot;

    /// <summary>The share of x0 in what is stored.</summary>
    public double StoreX0;

    /// <summary>The share of ε in what is stored.</summary>
    public double StoreEps;
}
