// Asynchronous copies (cp.async) from global to shared memory (compute capability 8.0 and newer).
#pragma once

#if __CUDA_ARCH__ >= 800

// 16 bytes, both sides aligned to 16, bypassing L1.
__device__ __forceinline__ void copy_async_16(unsigned shared, const void* global)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" :: "r"(shared), "l"(global) : "memory");
}

// As copy_async_16, or 16 zero bytes without a global read.
__device__ __forceinline__ void copy_async_16_or_zero(unsigned shared, const void* global, bool inside)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(shared), "l"(global), "r"(inside ? 16 : 0) : "memory");
}

// Commits a group of all copies of this thread since the last group; a group may be empty.
__device__ __forceinline__ void copy_async_commit()
{
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most the newest PENDING groups are in flight. Other threads see the data after a barrier.
template <int PENDING>
__device__ __forceinline__ void copy_async_wait()
{
    asm volatile("cp.async.wait_group %0;" :: "n"(PENDING) : "memory");
}

#endif
