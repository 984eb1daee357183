// Control flow and memory of a thread: nested and rotated loops, early exits, tables of jumps, calls, recursion, spilled registers, arrays.
extern "C" __global__ void nested(int* x, int n, int m)
{
    int v = x[threadIdx.x];
    for (int i = 0; i < n; i++)
    {
        int row = x[i];
        int j = 0;
#pragma unroll 1
        do
        {
            if (x[j] != 3) row += x[row + j] ^ i;
            if (row == 77) break;
        } while (++j < m);
        if (row < 0) goto done;
        v += row;
    }
done:
    x[threadIdx.x] = v;
}

extern "C" __global__ void lanes(int* x, int n)
{
    int v = x[threadIdx.x];
    if (v > n)
    {
        v += __shfl_xor_sync(~0u, v, 1) + __ballot_sync(~0u, v & 1);
        __syncwarp();
        v += __any_sync(~0u, v > 9);
    }
    else v -= __shfl_xor_sync(0xff, v, 2);
    while (v > 0)
    {
        v -= __shfl_down_sync(__activemask(), v, 1) + 1;
        if (v == 77) break;
    }
    for (int i = 0; i < n; i++)
    {
        v += __shfl_sync(~0u, v, i) + __shfl_up_sync(~0u, v, 1) + __match_any_sync(~0u, v);
        int all;
        v += __match_all_sync(~0u, v, &all) + all;
        if (v & 1) v += __activemask();
        if (v & 2)
        {
            v += __shfl_xor_sync(~0u, v, 3);
            __syncwarp(0xffff);
        }
#if __CUDA_ARCH__ >= 800
        v += __reduce_add_sync(~0u, v) ^ __reduce_xor_sync(~0u, v);
#endif
    }
    x[threadIdx.x] = v;
}

extern "C" __global__ void choices(int* y, int n)
{
    int v = y[threadIdx.x];
    switch (v & 15)
    {
    case 0: v = n * 3; break;
    case 1: v ^= n; break;
    case 2: v = v / n; break;
    case 3: v = __popc(v); break;
    case 4: v = __brev(v); break;
    case 5: v = __clz(v); break;
    case 6: v = v % n; break;
    case 7: v = atomicAdd(y + 5, v); break;
    case 8: v = atomicCAS(y, 1, v); break;
    case 9: v = v * v * v * n; break;
    case 10: v = (int)sqrtf((float)v); break;
    case 11: for (int i = 0; i < n; i++) v += y[i * v]; break;
    default: v = -1;
    }
    y[threadIdx.x] = v;
}

__device__ __noinline__ int fibonacci(int x) { return x < 2 ? x : fibonacci(x - 1) + fibonacci(x - 2); }

extern "C" __global__ void recursion(int* y) { y[threadIdx.x] = fibonacci(threadIdx.x); }

__device__ __noinline__ float square(float a) { return a * a + 1; }
__device__ __noinline__ float triple(float a) { return a * 3 + 1; }

extern "C" __global__ void pointers(float* x, int n)
{
    float (*f)(float) = n > 3 ? square : triple;
    for (int i = 0; i < n; i++) x[i] = f(x[i]);
    if (n == 4) return;
    __syncthreads();
    x[n] = 2;
    if (n == 5) asm volatile("exit;");
    __syncthreads();
    x[n + 3] = x[0];
}

extern "C" __global__ void __launch_bounds__(1024, 1) spilling(const float* x, float* y, int n)
{
    float a[96];
    for (int i = 0; i < 96; i++) a[i] = x[threadIdx.x + i * 1024];
    for (int k = 0; k < n; k++)
        for (int i = 0; i < 96; i++) a[i] = a[i] * a[(i + 1) % 96] + x[k];
    for (int i = 0; i < 96; i++) y[threadIdx.x + i * 1024] = a[i];
}

extern "C" __global__ void arrays(const int* x, int* y, int n)
{
    int a[100];
    for (int i = 0; i < 100; i++) a[i] = x[i] * i;
    int k = x[n];
    for (int i = 0; i < n; i++) a[(k + i) % 100] ^= i;
    y[threadIdx.x] = a[threadIdx.x % 100];
}
