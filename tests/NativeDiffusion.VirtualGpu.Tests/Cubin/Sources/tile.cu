// One warp's part of a tensor-core product, as small as it can be: copies, fragments and products in one loop, a row of exponentials behind it.
// The committed cubins beside this file are made from it; their names say by which compiler and for what.
typedef unsigned int u32;

__device__ __forceinline__ u32 shared_address(const void* p)
{
    u32 address;
    asm("{ .reg .u64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t; }" : "=r"(address) : "l"(p));
    return address;
}

extern "C" __global__ void __launch_bounds__(32) tile(const unsigned short* a, const unsigned short* b, float* y, int steps)
{
    __shared__ __align__(128) unsigned short as[16 * 16], bs[16 * 16];
    int lane = threadIdx.x;
    float acc[2][4] = {};
#pragma unroll 1
    for (int step = 0; step < steps; step++)
    {
#if __CUDA_ARCH__ >= 800
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(as + lane * 8)), "l"(a + (step * 32 + lane) * 8));
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(bs + lane * 8)), "l"(b + (step * 32 + lane) * 8));
        asm volatile("cp.async.commit_group;");
        asm volatile("cp.async.wait_group 0;");
#else
        *(uint4*)(as + lane * 8) = *(const uint4*)(a + (step * 32 + lane) * 8);
        *(uint4*)(bs + lane * 8) = *(const uint4*)(b + (step * 32 + lane) * 8);
#endif
        __syncthreads();
        u32 f[4], g[4];
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(f[0]), "=r"(f[1]), "=r"(f[2]), "=r"(f[3]) : "r"(shared_address(as + (lane & 15) * 16 + (lane >> 4) * 8)));
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(g[0]), "=r"(g[1]), "=r"(g[2]), "=r"(g[3]) : "r"(shared_address(bs + (lane & 15) * 16 + (lane >> 4) * 8)));
        for (int j = 0; j < 2; j++)
        {
            float* c = acc[j];
#if __CUDA_ARCH__ >= 800
            asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                         : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(f[0]), "r"(f[1]), "r"(f[2]), "r"(f[3]), "r"(g[j]), "r"(g[j + 2]));
#else
            asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                         : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(f[0]), "r"(f[1]), "r"(g[j]));
            asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                         : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(f[2]), "r"(f[3]), "r"(g[j + 2]));
#endif
        }
        __syncthreads();
    }
    for (int j = 0; j < 2; j++)
        for (int i = 0; i < 4; i++) y[(j * 4 + i) * 32 + lane] = __expf(acc[j][i]);
}
