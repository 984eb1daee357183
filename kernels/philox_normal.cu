// philox_normal: y = n samples of the standard normal distribution, from Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) and Box and Muller 1958
// y: [n] float. All sums and products are single IEEE operations, and logarithm, sine and cosine are our own series in double: the bits are
// those of Randomness/TorchCudaNoise.cs and Randomness/NvNoise.cs on the CPU.
//   philox_normal_torch_f32: torch.randn of a CUDA generator. `threads` is the number that torch would launch; counter is curand's offset / 4.
//     Each thread's block of four numbers goes to elements thread, thread + threads, thread + 2 threads, thread + 3 threads of a round.
//   philox_normal_nv_f32: A1111's NV source: one block of Philox per element, of which the first normal is used; counter is the number of the call.
// Grid: nv (ceil(n / 256)); torch (ceil(threads / 256), ceil(n / (4 threads))). Block 256.
// Twins: PhiloxNormalKernel.cs, Randomness/TorchCudaNoise.cs, Randomness/NvNoise.cs
#include "philox.cuh"
#include "series.cuh"

struct NormalPair { float sin, cos; };

// As torch on a CUDA device: the angle and the root in float32, each of its fused steps exact in double before the one rounding.
__device__ __forceinline__ NormalPair torch_normals(unsigned x, unsigned y)
{
    constexpr float Inverse32 = 2.3283064e-10f, TwoPiInverse32 = 2.3283064e-10f * 6.2831855f;
    const float u = (float)((double)(float)x * (double)Inverse32 + (double)(Inverse32 / 2));
    const float v = (float)((double)(float)y * (double)TwoPiInverse32 + (double)(TwoPiInverse32 / 2));
    const float s = __fsqrt_rn(-2.0f * (float)series_log(u));
    const SinCos angle = series_sincos(v);
    return {s * (float)angle.sin, s * (float)angle.cos};
}

extern "C" __global__ void __launch_bounds__(256)
philox_normal_torch_f32(float* y, unsigned long long seed, unsigned long long counter, long long n, long long threads)
{
    const long long round = blockIdx.y, thread = (long long)blockIdx.x * 256 + threadIdx.x;
    const long long first = round * 4 * threads + thread;
    if (thread >= threads || first >= n) return;
    const Philox block = philox(counter + (unsigned long long)round, (unsigned long long)thread, seed);
    const NormalPair a = torch_normals(block.x, block.y);
    y[first] = a.sin;
    if (first + threads < n) y[first + threads] = a.cos;
    if (first + 2 * threads >= n) return;
    const NormalPair b = torch_normals(block.z, block.w);
    y[first + 2 * threads] = b.sin;
    if (first + 3 * threads < n) y[first + 3 * threads] = b.cos;
}

extern "C" __global__ void __launch_bounds__(256)
philox_normal_nv_f32(float* y, unsigned long long seed, unsigned long long counter, long long n)
{
    constexpr double Inverse32 = 2.3283064e-10f;
    constexpr float TwoPiInverse32 = (float)(2.3283064e-10 * 6.2831855);
    const long long i = (long long)blockIdx.x * 256 + threadIdx.x;
    if (i >= n) return;
    const Philox block = philox(counter, (unsigned long long)i, seed);
    const double u = block.x * Inverse32 + Inverse32 / 2;
    const double v = block.y * (double)TwoPiInverse32 + (double)(TwoPiInverse32 / 2);
    y[i] = (float)(__dsqrt_rn(-2.0 * series_log(u)) * series_sincos(v).sin);
}
