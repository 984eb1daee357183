// Typical kernels, all of them correct; with DEFECT defined each lacks the statement in CORRECT(...). x: 4096 small integers,
// y: 4096 uninitialised floats, z: 64 zeros.
#ifdef DEFECT
#define CORRECT(...)
#define EITHER(right, wrong) wrong
#else
#define CORRECT(...) __VA_ARGS__
#define EITHER(right, wrong) right
#endif
#define KERNEL(name) extern "C" __global__ void name(const float* x, float* y, unsigned* z)

typedef unsigned long long size64;

__device__ __forceinline__ void wait_at(int barrier, int threads) { asm volatile("bar.sync %0, %1;" : : "r"(barrier), "r"(threads) : "memory"); }
__device__ __forceinline__ void arrive_at(int barrier, int threads) { asm volatile("bar.arrive %0, %1;" : : "r"(barrier), "r"(threads) : "memory"); }
__device__ __forceinline__ unsigned shared_address(const void* p) { return (unsigned)__cvta_generic_to_shared(p); }
__device__ __forceinline__ void copy16(void* to, const void* from) { asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" : : "r"(shared_address(to)), "l"(from) : "memory"); }
__device__ __forceinline__ void copy4(void* to, const void* from) { asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" : : "r"(shared_address(to)), "l"(from) : "memory"); }
__device__ __forceinline__ void commit() { asm volatile("cp.async.commit_group;" : : : "memory"); }
template <int Newest> __device__ __forceinline__ void wait_for_copies() { asm volatile("cp.async.wait_group %0;" : : "n"(Newest) : "memory"); }
__device__ __forceinline__ float warp_sum(float v)
{
    for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(0xffffffffu, v, o);
    return v;
}

