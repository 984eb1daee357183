namespace NativeDiffusion.Cuda.Interop;

/// <summary>Who may use a device.</summary>
public enum CUcomputemode
{
    CU_COMPUTEMODE_DEFAULT = 0,
    CU_COMPUTEMODE_PROHIBITED = 2,
}
