namespace NativeDiffusion.Cpu;

/// <summary>
/// How a 3x3 convolution is computed; its weights are packed for one form. Chosen by sizes alone (<see cref="Conv2d.FormOf"/>), so that bytes never
/// depend on the machine.
/// </summary>
internal enum ConvolutionForm
{
    /// <summary>Direct evaluation of the definition, any window.</summary>
    Direct,

    /// <summary>
    /// After nearest upsampling to exactly twice the size: each of the output's four phases (odd or even row, column) reads a 2x2 window
    /// of the stored picture, whose weights are sums of the 3x3 window's. 4/9 of the multiplications.
    /// </summary>
    Phases,

    /// <summary>F(2x2, 3x3) of Lavin and Gray 2015 (arXiv:1509.09308): 16 products for 2x2 outputs. 4/9 of the multiplications.</summary>
    Winograd,
}
