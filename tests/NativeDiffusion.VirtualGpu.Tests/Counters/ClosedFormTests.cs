using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Counters;

/// <summary>Whole kernels whose sectors and bank conflicts anyone can write down: transposes of a tile, and copies with strides and offsets.</summary>
public sealed class ClosedFormTests
{
    private const int Blocks = 3, Warps = 8, Requests = Blocks * 32;

    private const string Source = """
        extern "C" __global__ void transpose(const float* x, float* y)
        {
            __shared__ __align__(16) float tile[32 * PITCH];
            x += 1024 * blockIdx.x;
            y += 1024 * blockIdx.x;
            const int c = threadIdx.x % 32;
            for (int r = threadIdx.x / 32; r < 32; r += 8) tile[r * PITCH + PLACE(c, r)] = x[32 * r + c];
            __syncthreads();
            for (int r = threadIdx.x / 32; r < 32; r += 8) y[32 * r + c] = tile[c * PITCH + PLACE(r, c)];
        }
        extern "C" __global__ void wide(const float* x, float* y)
        {
            __shared__ __align__(16) float rows[32 * PITCH];
            if (threadIdx.x >= 32) return;
            for (int r = 0; r < 32; r++) rows[r * PITCH + threadIdx.x] = x[32 * r + threadIdx.x];
            __syncwarp();
            ((float4*)y)[32 * blockIdx.x + threadIdx.x] = *(float4*)(rows + threadIdx.x * PITCH);
        }
        extern "C" __global__ void strided(const TYPE* x, TYPE* y)
        {
            const int i = blockIdx.x * blockDim.x + threadIdx.x;
            y[i] = x[STRIDE * i + OFFSET];
        }
        """;

    /// <summary>A column of 32 rows is one bank, unless rows are padded or turned against each other.</summary>
    [Theory]
    [InlineData(32, "(c)", 32)]
    [InlineData(33, "(c)", 1)]
    [InlineData(34, "(c)", 2)]
    [InlineData(40, "(c)", 8)]
    [InlineData(32, "((c) ^ (r))", 1)]
    [InlineData(32, "(((c) + (r)) % 32)", 1)]
    [InlineData(32, "((c) ^ ((r) & 3))", 8)]
    public void Transpose_HasTheConflictsOfItsPitch(int pitch, string place, int ways)
    {
        LaunchTally tally = Run("transpose", $"-DPITCH={pitch}", $"-DPLACE(c,r)={place}");

        Assert.Equal(Requests + (Requests * ways), tally.Memory.SharedWavefronts);
        Assert.Equal(2 * Requests, tally.Memory.SharedWavefrontsNeeded);
        Assert.Equal((8 * Requests, 8 * Requests), (tally.Memory.GlobalSectors, tally.Memory.GlobalSectorsNeeded));
        Assert.Equal(2 * 128 * Requests, tally.UniqueBytes);
        Assert.Equal(Blocks * Warps, tally.Memory.Barriers);
    }

    /// <summary>Sixteen bytes a lane go by eight lanes: four words of each of eight rows.</summary>
    [Theory]
    [InlineData(32, 8)]
    [InlineData(36, 1)]
    [InlineData(40, 2)]
    [InlineData(48, 4)]
    public void WideLoads_HaveTheConflictsOfTheirPitch(int pitch, int ways)
    {
        LaunchTally tally = Run("wide", $"-DPITCH={pitch}");

        Assert.Equal(Requests + (Blocks * 4 * ways), tally.Memory.SharedWavefronts);
        Assert.Equal(Requests + (Blocks * 4), tally.Memory.SharedWavefrontsNeeded);
    }

    [Theory]
    [InlineData("float", 1, 0, 4)]
    [InlineData("float", 1, 8, 4)]
    [InlineData("float", 1, 1, 5)]
    [InlineData("float", 1, 31, 5)]
    [InlineData("float", 2, 0, 8)]
    [InlineData("float", 3, 0, 12)]
    [InlineData("float", 8, 5, 32)]
    [InlineData("float", 0, 3, 1)]
    [InlineData("double", 1, 1, 9)]
    [InlineData("unsigned char", 1, 0, 1)]
    [InlineData("unsigned char", 1, 4, 2)]
    [InlineData("unsigned short", 16, 0, 32)]
    [InlineData("float4", 1, 0, 16)]
    [InlineData("float4", 1, 1, 17)]
    [InlineData("float4", 2, 1, 32)]
    public void StridedLoads_AskForTheSectorsThatTheyTouch(string type, int stride, int offset, int sectors)
    {
        int bytes = type switch { "unsigned char" => 1, "unsigned short" => 2, "float" => 4, "double" => 8, _ => 16 };
        LaunchTally tally = Run("strided", $"-DTYPE={type}", $"-DSTRIDE={stride}", $"-DOFFSET={offset}");

        int requests = Blocks * Warps, stores = requests * bytes, distinct = stride == 0 ? bytes : 32 * bytes;
        Assert.Equal((sectors * requests) + stores, tally.Memory.GlobalSectors);
        Assert.Equal((requests * ((distinct + 31) / 32)) + stores, tally.Memory.GlobalSectorsNeeded);
        Assert.Equal((32 * bytes * requests, 32 * bytes * requests), (tally.Memory.GlobalLoadBytes, tally.Memory.GlobalStoreBytes));
        Assert.Equal((stride == 0 ? bytes : 32 * bytes * requests) + (32 * bytes * requests), tally.UniqueBytes);
    }

    private static LaunchTally Run(string kernel, params string[] options)
    {
        string[] all =
            [.. options, .. new[] { "PITCH=32", "PLACE(c,r)=c", "TYPE=float", "STRIDE=1", "OFFSET=0" }
                .Select(one => "-D" + one).Where(one => !options.Any(own => own[..6] == one[..6]))];
        var device = new TestDevice(Nvrtc.Require(13).ToPtx(Source, 80, all));
        return device.Launch(kernel, Blocks, 32 * Warps, device.Upload(new byte[1 << 16]), device.Allocate<byte>(1 << 16)).Clean().Tally;
    }
}
