// The tensor cores' instructions, one of each kind that the architecture has.
typedef unsigned int u32;
typedef unsigned long long u64;

#define PRODUCT(shape) \
    asm volatile("mma.sync.aligned." shape " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
                 : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))

#if __CUDA_ARCH__ >= 800
extern "C" __global__ void products(u32* x, int n)
{
    u32 a[4] = {x[0], x[1], x[2], x[3]}, b[2] = {x[4], x[5]}, c[4] = {};
    for (int i = 0; i < n; i++)
    {
        PRODUCT("m16n8k16.row.col.f32.bf16.bf16.f32");
        PRODUCT("m16n8k8.row.col.f32.tf32.tf32.f32");
        PRODUCT("m16n8k32.row.col.s32.s8.s8.s32");
        PRODUCT("m16n8k256.row.col.s32.b1.b1.s32.and.popc");
        asm volatile("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%0,%1}, {%4,%5,%6,%7}, {%8,%9}, {%2,%3};"
                     : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
        asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %0;" : "+r"(c[0]));
#if __CUDA_ARCH__ >= 890 && __CUDACC_VER_MAJOR__ >= 13
        PRODUCT("m16n8k32.row.col.f32.e4m3.e4m3.f32");
#endif
#if __CUDA_ARCH__ >= 900
        asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%4], {%0,%1,%2,%3};" ::"r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]), "r"(c[3] & 0xff0));
#endif
        double d = 1, e = 2;
        asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%0,%1};" : "+d"(d), "+d"(e) : "d"(3.0), "d"(4.0));
        c[1] += (int)(d + e);
    }
    for (int i = 0; i < 4; i++) x[i + threadIdx.x] = c[i];
}
#else
extern "C" __global__ void products(u32* x, int n)
{
    u32 a[2] = {x[0], x[1]}, b = x[4], c[4] = {};
    for (int i = 0; i < n; i++)
        asm volatile("mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16 {%0,%1}, {%2,%3}, {%4}, {%0,%1};" : "+r"(c[0]), "+r"(c[1]) : "r"(a[0]), "r"(a[1]), "r"(b));
    x[threadIdx.x] = c[0] + c[1];
}
#endif

#ifdef __CUDA_ARCH_FEAT_SM90_ALL
extern "C" __global__ void warpgroup(float* y, u64 a, u64 b, int n)
{
    float d[4] = {};
    for (int i = 0; i < n; i++)
    {
        asm volatile("wgmma.fence.sync.aligned;");
        asm volatile("{ .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {%0,%1,%2,%3}, %4, %5, p, 1, 1, 0, 0; }"
                     : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "l"(a + i), "l"(b + i));
        asm volatile("wgmma.commit_group.sync.aligned; wgmma.wait_group.sync.aligned 0;");
    }
    for (int i = 0; i < 4; i++) y[threadIdx.x * 4 + i] = d[i];
}
#endif
