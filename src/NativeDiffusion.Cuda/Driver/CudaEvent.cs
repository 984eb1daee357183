using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>A point in a stream's order that can be waited for and, if enabled at creation, timed.</summary>
public sealed class CudaEvent : CudaHandle
{
    /// <param name="context">The context, entered.</param>
    /// <param name="timed">True for <see cref="MillisecondsSince"/>; waiting alone is cheaper.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    public CudaEvent(CudaContext context, bool timed = false)
        : base(context)
    {
        CUresult made = context.Driver.cuEventCreate(out CUevent value, timed ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING);
        Take(made, value.Value, call: nameof(ICudaDriver.cuEventCreate));
    }

    /// <summary>The driver's handle.</summary>
    public CUevent Handle => new(Value);

    /// <summary>Records the event: after all work that is currently in the stream.</summary>
    public void Record(CudaStream stream) => Context.Check(Context.Driver.cuEventRecord(Handle, stream.Handle));

    /// <summary>Waits until the event has completed.</summary>
    public void Synchronize() => Context.Check(Context.Driver.cuEventSynchronize(Handle));

    /// <summary>True if the event has completed, or was never recorded.</summary>
    public bool IsDone
    {
        get
        {
            CUresult status = Context.Driver.cuEventQuery(Handle);
            if (status == CUresult.CUDA_ERROR_NOT_READY)
                return false;
            Context.Check(status, nameof(ICudaDriver.cuEventQuery));
            return true;
        }
    }

    /// <summary>Milliseconds from an earlier event to this one; both must be completed and timed.</summary>
    public float MillisecondsSince(CudaEvent start)
    {
        Context.Check(Context.Driver.cuEventElapsedTime(out float milliseconds, start.Handle, Handle));
        return milliseconds;
    }

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuEventDestroy(new CUevent(value));
}
