// Memory in all its spaces, atomics, fences, barriers, and copies that run on their own.
typedef unsigned int u32;
typedef unsigned long long u64;

struct Table { int entries[40]; };
__constant__ int constants[64];
__device__ int global_value = 5;

extern "C" __global__ void by_value(Table table, int* y, int n) { y[threadIdx.x] = table.entries[n] + constants[threadIdx.x] + global_value; }

extern "C" __global__ void spaces(char* g, const char* __restrict__ r, int n)
{
    extern __shared__ char s[];
    u32 v = 0, t;
    for (int i = 0; i < n; i++)
    {
        v += *(volatile unsigned char*)(g + i) + *(volatile unsigned short*)(g + i * 2 + 2);
        uint4 q = *(const uint4*)(r + i * 16);
        v += q.x + q.y + q.z + q.w;
        *(uint2*)(g + i * 8) = make_uint2(v, v);
        s[i] = v;
        __syncthreads();
        v += *(u32*)(s + 4 * v);
        asm volatile("ld.global.nc.L1::no_allocate.L2::128B.u32 %0, [%1];" : "=r"(t) : "l"(r + i));
        v += t;
        asm volatile("prefetch.global.L2 [%0];" ::"l"(r));
        asm volatile("ld.acquire.gpu.u32 %0, [%1];" : "=r"(t) : "l"(g));
        asm volatile("st.release.gpu.u32 [%1], %0;" ::"r"(t), "l"(g));
        asm volatile("ld.u32 %0, [%1];" : "=r"(t) : "l"(v & 1 ? g : (char*)s));
        asm volatile("st.u32 [%1], %0;" ::"r"(t), "l"(v & 1 ? g : (char*)s));
        asm volatile("fence.acq_rel.gpu;");
        __threadfence_system();
        __threadfence_block();
        __nanosleep(20);
        v += t + clock();
    }
    *(u32*)g = v + __syncthreads_count(v & 1) + __syncthreads_or(v & 2);
    asm volatile("bar.warp.sync 255;");
    asm volatile("barrier.sync 2, 128;");
    asm volatile("bar.arrive 4, 64;");
    if (v == 99) __trap();
}

extern "C" __global__ void atomics(char* g, u32 v)
{
    __shared__ int s[64];
    s[threadIdx.x] = v;
    __syncthreads();
    atomicAdd((int*)g, v);
    atomicAdd((u64*)g, (u64)v);
    atomicExch((u32*)g + 9, v);
    v += atomicAdd((float*)g + 7, 2.f);
    atomicAdd((float*)g + 8, 2.f);
    atomicAdd(s, 1);
    atomicCAS(s, 1, 2);
    v += atomicCAS((u64*)s + 8, 1ull, 2ull);
    atomicOr((u32*)s, 3);
    atomicInc((u32*)s + 3, v);
    v += atomicMin((int*)g + 3, v);
    v += atomicAdd((int*)(v & 1 ? g : (char*)s), 3);
    asm volatile("red.global.add.noftz.f16x2 [%0], %1;" ::"l"(g), "r"(v));
    *(u32*)g = v;
}

#if __CUDA_ARCH__ >= 800
extern "C" __global__ void copies(const char* g, u32* y, int n)
{
    extern __shared__ char s[];
    u32 b;
    asm("{ .reg .u64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t; }" : "=r"(b) : "l"(s));
    asm volatile("mbarrier.init.shared.b64 [%0], 4;" ::"r"(b));
    for (int i = 0; i < n; i++)
    {
        asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(b + i * 4), "l"(g + i * 4));
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(b + i * 16), "l"(g + i * 16), "r"(i & 16));
        asm volatile("cp.async.commit_group;");
        asm volatile("cp.async.wait_group 2;");
        asm volatile("cp.async.wait_all;");
        asm volatile("{ .reg .b64 t; mbarrier.arrive.shared.b64 t, [%0]; }" ::"r"(b));
        asm volatile("cp.async.mbarrier.arrive.shared.b64 [%0];" ::"r"(b));
#if __CUDA_ARCH__ >= 900
        u32 p;
        asm volatile("griddepcontrol.wait;");
        asm volatile("griddepcontrol.launch_dependents;");
        asm volatile("{ .reg .pred p; again: mbarrier.try_wait.parity.shared.b64 p, [%0], 0; @!p bra again; }" ::"r"(b));
        asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], 128, [%2];" ::"r"(b + 1024), "l"(g), "r"(b));
        asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %3}], [%2];" ::"r"(b + 1024), "l"(g), "r"(b), "r"(i));
        asm volatile("fence.proxy.async;");
        asm volatile("barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;");
        asm volatile("cp.async.bulk.global.shared::cta.bulk_group [%1], [%0], 128; cp.async.bulk.commit_group; cp.async.bulk.wait_group 0;" ::"r"(b), "l"(g));
        asm volatile("{ .reg .pred p; elect.sync _|p, 0xffffffff; selp.u32 %0, 1, 0, p; }" : "=r"(p));
        y[3] = p;
#endif
    }
    y[threadIdx.x] = *(u32*)s;
}
#endif
