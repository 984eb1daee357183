using System.Diagnostics;
using System.IO.Enumeration;

namespace NativeDiffusion.Verification;

/// <summary>Proves the kernels on a card: runs their cases, one at a time, and tells each one's worst element.</summary>
public sealed class KernelVerifier
{
    private readonly KernelDevice _device;
    private readonly Func<IReadOnlyList<string>>? _findings;

    /// <summary>Selects the cases that a card can run.</summary>
    /// <param name="device">The card.</param>
    /// <param name="only">A pattern with <c>*</c> and <c>?</c> of <see cref="KernelCase.Name"/>, or of the kernel; null for all.</param>
    /// <param name="largest">The largest size that runs.</param>
    /// <param name="findings">What a virtual card's checks have found since this was last asked; any finding is a miss. Null where nothing is checked.</param>
    public KernelVerifier(KernelDevice device, string? only = null, KernelCaseSize largest = KernelCaseSize.Large, Func<IReadOnlyList<string>>? findings = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        (_device, _findings) = (device, findings);
        Cases = [.. KernelCases.All.Where(one => one.Size <= largest && one.Fits(device.Properties) && IsSelected(one, only))];
    }

    /// <summary>The selected cases, in the order in which they run.</summary>
    public IReadOnlyList<KernelCase> Cases { get; }

    /// <summary>Runs them.</summary>
    /// <param name="cancellation">Ends the run between two cases.</param>
    /// <returns>
    /// The outcomes, made while they are enumerated. After a launch that broke the card's context, as an invalid address does, nothing more can run
    /// in this process: all cases behind it are skipped.
    /// </returns>
    /// <exception cref="OperationCanceledException">The run was cancelled, told while the outcomes are enumerated.</exception>
    public IEnumerable<KernelOutcome> Run(CancellationToken cancellation = default)
    {
        foreach (KernelCase one in Cases)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            VerifyResult result = _device.BrokenBy is { } broken ? VerifyResult.Skip($"an earlier {broken} lost the card's context") : Check(one);
            yield return new KernelOutcome(one, result, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private VerifyResult Check(KernelCase one)
    {
        VerifyResult result;
        try
        {
            result = one.Check(_device);
        }
        catch (DeviceException exception)
        {
            result = Missed(one, exception.Message);
        }

        return _findings?.Invoke() is [string first, ..] ? Missed(one, first) : result;
    }

    private static VerifyResult Missed(KernelCase one, string reason) =>
        new(VerifyVerdict.Missed, double.PositiveInfinity, 0, $"{one.Kernel}, {one.Problem}: {reason}");

    private static bool IsSelected(KernelCase one, string? only) => only is null
        || FileSystemName.MatchesSimpleExpression(only, one.Name) || FileSystemName.MatchesSimpleExpression(only, one.Kernel);
}
