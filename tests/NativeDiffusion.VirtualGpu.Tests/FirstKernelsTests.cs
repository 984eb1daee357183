using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests;

public sealed class FirstKernelsTests
{
    private const string Source = """
        extern "C" __global__ void saxpy(float* y, const float* __restrict__ x, float a, int n) {
          int i = blockIdx.x * blockDim.x + threadIdx.x;
          if (i < n) y[i] = a * x[i] + y[i];
        }
        extern "C" __global__ void reduce(float* out, const float* x, int n) {
          __shared__ float s[32];
          float v = 0;
          for (int i = threadIdx.x; i < n; i += blockDim.x) v += x[i];
          for (int o = 16; o; o >>= 1) v += __shfl_xor_sync(0xffffffffu, v, o);
          if ((threadIdx.x & 31) == 0) s[threadIdx.x >> 5] = v;
          __syncthreads();
          if (threadIdx.x == 0) { float t = 0; for (int i = 0; i < (int)blockDim.x / 32; i++) t += s[i]; atomicAdd(out, t); }
        }
        __device__ __noinline__ float poly(float x, int n) { float l[8]; for (int i = 0; i < 8; i++) l[i] = x * i; return l[n & 7] + expf(x); }
        extern "C" __global__ void call(float* out, int n) { out[threadIdx.x] = poly((float)threadIdx.x, n); }
        """;

    [Theory]
    [CombinatorialData]
    public void Saxpy_OddSize_IsExact([CombinatorialValues(12, 13)] int version, bool isCompiled, bool isAdversarial)
    {
        TestDevice device = Device(version, isCompiled, isAdversarial);
        float[] x = [.. Enumerable.Range(0, 1000).Select(i => i * 0.5f)], y = [.. Enumerable.Range(0, 1000).Select(i => 1000f - i)];
        DeviceArray<float> deviceY = device.Upload(y);
        device.Launch("saxpy", 4, 256, deviceY, device.Upload(x), 3f, 1000).Clean();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (3f * x[i]) + y[i]), deviceY.ToArray());
        Assert.Equal(8 * 1000, device.Tally.Memory.GlobalLoadBytes);
        Assert.Equal(8 * 1000, device.Tally.UniqueBytes);
    }

    [Theory]
    [CombinatorialData]
    public void Reduce_ManyElements_SumsAll([CombinatorialValues(12, 13)] int version, bool isCompiled, bool isAdversarial)
    {
        TestDevice device = Device(version, isCompiled, isAdversarial);
        DeviceArray<float> sum = device.Upload(0f);
        device.Launch("reduce", 1, 256, sum, device.Upload([.. Enumerable.Range(0, 1000).Select(i => (float)i)]), 1000).Clean();
        Assert.Equal(499500f, sum[0]);
    }

    [Theory]
    [CombinatorialData]
    public void Call_FunctionWithLocalArray_Returns([CombinatorialValues(12, 13)] int version, bool isCompiled, bool isAdversarial)
    {
        TestDevice device = Device(version, isCompiled, isAdversarial);
        DeviceArray<float> result = device.Allocate<float>(32);
        device.Launch("call", 1, 32, result, 3).Clean();
        for (int i = 0; i < 32; i++) Assert.Equal((3 * i) + Math.Exp(i), result[i], Math.Exp(i) * 1e-6);
    }

    private static TestDevice Device(int version, bool isCompiled, bool isAdversarial) => new(
        Nvrtc.Require(version).ToPtx(Source, 80), new ExecutionOptions { Workers = 1, IsCompiled = isCompiled, IsAdversarial = isAdversarial });
}
