using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Driver;

namespace NativeDiffusion.VirtualGpu.Devices;

/// <summary>A model's values of the driver's device attributes.</summary>
internal static class DeviceAttributes
{
    /// <summary>The attribute's value; null for an unknown one.</summary>
    public static int? Find(VirtualDevice device, CUdevice_attribute attribute)
    {
        DeviceModel model = device.Model;
        return attribute switch
        {
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK => model.ThreadsPerBlock,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X => int.MaxValue,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y => 65535,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z => 65535,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK => model.SharedPerBlock,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_WARP_SIZE => 32,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK => model.Registers,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE => (int)(model.ClockGHz * 1e6),
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT => model.Multiprocessors,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_INTEGRATED => 0,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_MODE => 0,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS => 1,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_BUS_ID => device.Ordinal + 1,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE => (int)(model.MemoryTerabytes * 1e12 / (2 * 5120 / 8) / 1000),
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH => 5120,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE => model.CacheBytes,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR => model.ThreadsPerMultiprocessor,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING => 1,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR => model.Architecture / 10,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR => model.Architecture % 10,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR => model.SharedPerMultiprocessor,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR => model.Registers,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH => 1,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN => model.SharedPerBlockOptIn,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR => model.BlocksPerMultiprocessor,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_PERSISTING_L2_CACHE_SIZE => model.Architecture >= 80 ? model.CacheBytes / 4 * 3 : 0,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK => model.ReservedShared,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED => 1,
            // Clusters and tensor maps are hardware that the virtual GPU does not have.
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLUSTER_LAUNCH => 0,
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_TENSOR_MAP_ACCESS_SUPPORTED => 0,
            _ => null,
        };
    }
}
