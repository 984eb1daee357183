// Addresses inside a block's shared memory.
#pragma once

// Bytes from the start of the block's shared memory window, as ldmatrix and cp.async require them.
__device__ __forceinline__ unsigned shared_address(const void* pointer)
{
    return (unsigned)__cvta_generic_to_shared(pointer);
}

__device__ __forceinline__ void store_shared_16(unsigned shared, uint4 x)
{
    asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %4};" :: "r"(shared), "r"(x.x), "r"(x.y), "r"(x.z), "r"(x.w) : "memory");
}
