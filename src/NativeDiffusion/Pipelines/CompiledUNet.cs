using NativeDiffusion.Devices;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>The UNet's plan for one shape, which remembers whose text states it holds.</summary>
internal sealed class CompiledUNet(ICompiledPlan plan, int rows, int height, int width, int tokens) : IDisposable
{
    private Tensor[] _states = [];

    /// <summary>Whether this is the plan for a shape.</summary>
    public bool Fits(int otherRows, int otherHeight, int otherWidth, int otherTokens) =>
        (rows, height, width, tokens) == (otherRows, otherHeight, otherWidth, otherTokens);

    /// <summary>Runs one batch of exactly the plan's rows.</summary>
    /// <returns>[rows, C', H, W]; overwritten by the next run.</returns>
    public float[] Run(DenoiserRow[] batch, CancellationToken cancellationToken)
    {
        plan.Set("sample", Join(batch.Select(row => row.Sample)));
        plan.Set("timestep", [.. batch.Select(row => row.Timestep)]);
        Tensor[] states = [.. batch.Select(row => row.States)];
        // Keys and values of the same texts are still in the arena: setting them again would compute them again.
        if (!states.AsSpan().SequenceEqual(_states))
        {
            plan.Set("context", Join(states.Select(tensor => (ReadOnlyMemory<float>)tensor.Data)));
            _states = states;
        }

        plan.Run(cancellationToken: cancellationToken);
        return plan.Get("out").Data;
    }

    /// <inheritdoc/>
    public void Dispose() => plan.Dispose();

    private static float[] Join(IEnumerable<ReadOnlyMemory<float>> parts)
    {
        ReadOnlyMemory<float>[] all = [.. parts];
        float[] joined = new float[all.Sum(part => part.Length)];
        int start = 0;
        foreach (ReadOnlyMemory<float> part in all)
        {
            part.Span.CopyTo(joined.AsSpan(start));
            start += part.Length;
        }

        return joined;
    }
}
