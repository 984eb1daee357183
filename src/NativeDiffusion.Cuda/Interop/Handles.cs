namespace NativeDiffusion.Cuda.Interop;

/// <summary>A context.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUcontext(nint Value);

/// <summary>A device, by the driver's number.</summary>
/// <param name="Value">The number.</param>
public readonly record struct CUdevice(int Value);

/// <summary>Device memory: a device address.</summary>
/// <param name="Value">The address.</param>
public readonly record struct CUdeviceptr(ulong Value);

/// <summary>An event.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUevent(nint Value);

/// <summary>A kernel of a loaded module.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUfunction(nint Value);

/// <summary>A graph under construction.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUgraph(nint Value);

/// <summary>A graph that can be launched.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUgraphExec(nint Value);

/// <summary>A node of a graph.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUgraphNode(nint Value);

/// <summary>A kernel of a library (context-free loading).</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUkernel(nint Value);

/// <summary>A memory pool.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUmemoryPool(nint Value);

/// <summary>A loaded module.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUmodule(nint Value);

/// <summary>A stream; default is the legacy stream.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUstream(nint Value);
