using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>
/// A batch of pictures being sampled on a device, which holds their state. For one caller at a time.
/// </summary>
internal interface ISamplingRun : IDisposable
{
    /// <summary>The row of the table that comes next; the number of rows when the run is done.</summary>
    int RowIndex { get; }

    /// <summary>
    /// Runs the next row: one evaluation of the network for every picture, and the solver's step. May return before the device is done; a fault
    /// surfaces at the next call.
    /// </summary>
    /// <param name="cancellationToken">Checked between operations. A cancelled run is over; the device stays usable.</param>
    /// <returns>The row that ran.</returns>
    /// <exception cref="InvalidOperationException">The run is done.</exception>
    /// <exception cref="ArithmeticException">A picture's state is not a number any more.</exception>
    SolverRow Advance(CancellationToken cancellationToken);

    /// <summary>The state of a picture after the latest row, [1, C, H, W], in a tensor of its own.</summary>
    Tensor X(int picture);

    /// <summary>The x0 of a picture's latest evaluation, [1, C, H, W], in a tensor of its own.</summary>
    Tensor X0(int picture);
}
