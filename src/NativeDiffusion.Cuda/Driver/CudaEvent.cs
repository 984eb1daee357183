using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>A point in a stream's order that can be waited for and, if asked at the making, timed.</summary>
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

    /// <summary>Sets the point: after all that the stream holds now.</summary>
    public void Record(CudaStream stream) => Context.Check(Context.Driver.cuEventRecord(Handle, stream.Handle));

    /// <summary>Waits until the point is passed.</summary>
    public void Synchronize() => Context.Check(Context.Driver.cuEventSynchronize(Handle));

    /// <summary>True when the point is passed, or none was set.</summary>
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

    /// <summary>Milliseconds from an earlier point to this one; both passed and both timed.</summary>
    public float MillisecondsSince(CudaEvent start)
    {
        Context.Check(Context.Driver.cuEventElapsedTime(out float milliseconds, start.Handle, Handle));
        return milliseconds;
    }

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuEventDestroy(new CUevent(value));
}
