using System.Text;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>The properties of a device, read once, when it is opened. Sizes are in bytes.</summary>
public sealed unsafe record CudaDeviceProperties
{
    /// <summary>The driver's ordinal of the device.</summary>
    public required int Ordinal { get; init; }

    /// <summary>As <c>NVIDIA H200</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The driver's CUDA version, 12040 for 12.4.</summary>
    public required int DriverVersion { get; init; }

    /// <summary>Compute capability as one number: 75, 89, 120.</summary>
    public required int ComputeCapability { get; init; }

    /// <summary>Their number.</summary>
    public required int Multiprocessors { get; init; }

    /// <summary>Total device memory.</summary>
    public required long TotalMemory { get; init; }

    /// <summary>Shared memory per block without opt-in.</summary>
    public required int SharedPerBlock { get; init; }

    /// <summary>Shared memory per block with opt-in.</summary>
    public required int SharedPerBlockOptIn { get; init; }

    /// <summary>Shared memory per multiprocessor.</summary>
    public required int SharedPerMultiprocessor { get; init; }

    /// <summary>32-bit registers.</summary>
    public required int RegistersPerMultiprocessor { get; init; }

    /// <summary>Maximum number of resident ones.</summary>
    public required int ThreadsPerMultiprocessor { get; init; }

    /// <summary>Size of the L2 cache.</summary>
    public required int L2Bytes { get; init; }

    /// <summary>Those of a device, or null if the driver has no such device or fails. Initializes the driver.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="ordinal">The driver's ordinal of the device.</param>
    public static CudaDeviceProperties? Find(ICudaDriver driver, int ordinal)
    {
        ArgumentNullException.ThrowIfNull(driver);
        if (driver.cuInit(0) != CUresult.CUDA_SUCCESS || driver.cuDeviceGet(out CUdevice device, ordinal) != CUresult.CUDA_SUCCESS) return null;
        try
        {
            return Read(driver, device, ordinal);
        }
        catch (CudaException)
        {
            // A device that was lost during the query counts as missing.
            return null;
        }
    }

    /// <summary>Reads them. The driver must be initialised.</summary>
    public static CudaDeviceProperties Read(ICudaDriver driver, CUdevice device, int ordinal)
    {
        const int Room = 256;
        byte* name = stackalloc byte[Room];
        CudaStatus.Check(driver, driver.cuDriverGetVersion(out int version));
        CudaStatus.Check(driver, driver.cuDeviceGetName(name, Room, device));
        CudaStatus.Check(driver, driver.cuDeviceTotalMem(out nuint total, device));
        return new CudaDeviceProperties
        {
            Ordinal = ordinal,
            Name = Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)),
            DriverVersion = version,
            ComputeCapability = (Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) * 10)
                + Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
            Multiprocessors = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            TotalMemory = (long)total,
            SharedPerBlock = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
            SharedPerBlockOptIn = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
            SharedPerMultiprocessor = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR),
            RegistersPerMultiprocessor = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR),
            ThreadsPerMultiprocessor = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR),
            L2Bytes = Get(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
        };

        int Get(CUdevice_attribute attribute)
        {
            CudaStatus.Check(driver, driver.cuDeviceGetAttribute(out int value, attribute, device));
            return value;
        }
    }
}
