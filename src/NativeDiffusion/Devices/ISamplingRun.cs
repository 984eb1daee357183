using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>
/// A batch of pictures being sampled on a device, which holds their state. For one caller at a time.
/// </summary>
internal interface ISamplingRun : IDisposable
{
    /// <summary>Index of the next row of the table; the number of rows after the last.</summary>
    int RowIndex { get; }

    /// <summary>
    /// Runs the next row: one evaluation of the network for every picture, and the solver's step. May return before the device has finished; an error
    /// is reported by the next call.
    /// </summary>
    /// <param name="cancellationToken">Checked between operations. A cancelled run cannot continue; the device remains usable.</param>
    /// <returns>The executed row.</returns>
    /// <exception cref="InvalidOperationException">All rows have run.</exception>
    /// <exception cref="ArithmeticException">A picture's state is not finite.</exception>
    SolverRow Advance(CancellationToken cancellationToken);

    /// <summary>The state of a picture after the latest row, [1, C, H, W], in a new tensor.</summary>
    Tensor X(int picture);

    /// <summary>The x0 of a picture's latest evaluation, [1, C, H, W], in a new tensor.</summary>
    Tensor X0(int picture);
}
