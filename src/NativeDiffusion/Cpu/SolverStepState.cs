namespace NativeDiffusion.Cpu;

/// <summary>What a solver's step reads and writes, element by element; every pointer spans the whole batch or is null where the row does not use it.</summary>
internal unsafe struct SolverStepState
{
    /// <summary>The state, replaced.</summary>
    public float* X;

    /// <summary>The saved x, replaced.</summary>
    public float* Saved;

    /// <summary>History slot 0.</summary>
    public float* Slot0;

    /// <summary>History slot 1.</summary>
    public float* Slot1;

    /// <summary>History slot 2.</summary>
    public float* Slot2;

    /// <summary>History slot 3.</summary>
    public float* Slot3;

    /// <summary>Takes x0.</summary>
    public float* X0;

    /// <summary>The noise drawn after the evaluation, or null where its coefficient is zero.</summary>
    public float* Noise;

    /// <summary>1 where the picture is made, 0 where x0 is known; null for no known region.</summary>
    public float* Mask;

    /// <summary>The known x0.</summary>
    public float* Known;
}
