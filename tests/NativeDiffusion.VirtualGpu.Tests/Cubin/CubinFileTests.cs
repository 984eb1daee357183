using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Cubin;

/// <summary>The committed cubins, whose numbers were taken from nvdisasm's and ptxas' own output, and files that are none.</summary>
public sealed class CubinFileTests
{
    private static readonly string[] s_goldens =
        ["tile.nvrtc12.sm_75.cubin", "tile.nvrtc12.sm_90.cubin", "tile.nvrtc13.sm_90a.cubin", "tile.nvrtc13.sm_120.cubin"];

    [Theory]
    [InlineData("tile.nvrtc12.sm_75.cubin", "sm_75", 37, 0x700, 0x17c, false)]
    [InlineData("tile.nvrtc12.sm_90.cubin", "sm_90", 36, 0x800, 0x22c, false)]
    [InlineData("tile.nvrtc13.sm_90a.cubin", "sm_90a", 36, 0x800, 0x22c, true)]
    [InlineData("tile.nvrtc13.sm_120.cubin", "sm_120", 36, 0x800, 0x39c, true)]
    public void Read_CommittedCubin_HasTheNumbersOfNvidiasTools(string file, string target, int registers, int codeBytes, int constantBytes, bool marksSpills)
    {
        CubinFile cubin = CubinFile.Read(CubinSources.Golden(file), file);
        CubinKernel kernel = Assert.Single(cubin.Kernels);

        Assert.Equal(target, cubin.Target);
        Assert.Equal(marksSpills, cubin.MarksSpills);
        Assert.Equal("tile", kernel.Name);
        Assert.Equal(registers, kernel.Registers);
        Assert.Equal(codeBytes, kernel.CodeBytes);
        Assert.Equal(constantBytes, kernel.ConstantBytes);
        Assert.Equal(1024, kernel.SharedBytes);
        Assert.Equal(32, kernel.MaxThreads);
        Assert.Null(kernel.RequiredThreads);
        Assert.Equal(1, kernel.Barriers);
        Assert.Equal(28, kernel.ParameterBytes);
        Assert.Equal([new CubinParameter(0, 0, 8), new CubinParameter(1, 8, 8), new CubinParameter(2, 16, 8), new CubinParameter(3, 24, 4)], kernel.Parameters);
        Assert.Equal(0, kernel.LocalBytes);
        Assert.Equal(0, kernel.StackBytes);
        Assert.Equal(SpillCount.None, kernel.Spills);
    }

    // Start, end, instructions, tensor-core instructions, LDSM, LDS, LDGSTS, BAR, stall cycles: counted in nvdisasm's listing.
    [Theory]
    [InlineData("tile.nvrtc12.sm_75.cubin", 0x210, 0x350, 20, 4, 2, 0, 0, 2, 80)]
    [InlineData("tile.nvrtc12.sm_90.cubin", 0x260, 0x3d0, 23, 2, 2, 0, 2, 2, 70)]
    [InlineData("tile.nvrtc13.sm_90a.cubin", 0x260, 0x3d0, 23, 2, 2, 0, 2, 2, 70)]
    [InlineData("tile.nvrtc13.sm_120.cubin", 0x250, 0x3c0, 23, 2, 2, 0, 2, 2, 80)]
    public void MainLoop_OfCommittedCubin_IsTheOneInTheListing(
        string file, int start, int end, int instructions, int tensor, int matrixLoads, int sharedLoads, int copies, int barriers, int cycles)
    {
        SassLoop loop = CubinFile.Read(CubinSources.Golden(file), file).Kernel("tile").MainLoop!;

        Assert.Equal((start, end), (loop.Start, loop.End));
        Assert.Equal(instructions, loop.Instructions.Count);
        Assert.Equal(
            (tensor, matrixLoads, sharedLoads, copies, barriers), (loop.Tensor, loop.MatrixLoads, loop.Count("LDS"), loop.Count("LDGSTS"), loop.Count("BAR")));
        Assert.Equal(cycles, loop.StallCycles);
        Assert.Equal((double)cycles / tensor, loop.StallCyclesPerTensor);
        Assert.Equal(tensor, loop.Count(InstructionClass.Matrix));
    }

    [Fact]
    public void ControlBits_OfOneInstruction_AreReadAsTheyAre()
    {
        // HMMA.1688.F32 R8, R24, R28, R8 of the cubin for sm_75: waits for scoreboard 0, releases 5, lets 8 cycles pass.
        SassInstruction product = CubinFile.Read(
            CubinSources.Golden(s_goldens[0]), s_goldens[0]).Kernel("tile").Instructions.First(instruction => instruction.Mnemonic == "HMMA");

        Assert.Equal(0x2f0, product.Offset);
        Assert.Equal(0x23c, product.Opcode);
        Assert.Equal(8, product.Stall);
        Assert.False(product.IsConditional);
        Assert.Equal(5, product.WriteBarrier);
        Assert.Equal(1, product.WaitMask);
        Assert.False(product.Yields);
        Assert.Equal(-1, product.ReadBarrier);
        Assert.Null(product.Target);
    }

    [Fact]
    public void Kernel_ThatIsNotThere_IsRefusedWithTheNamesThatAre()
    {
        CubinFile cubin = CubinFile.Read(CubinSources.Golden(s_goldens[0]), s_goldens[0]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => cubin.Kernel("gemm"));

        Assert.Contains("'gemm'", error.Message, StringComparison.Ordinal);
        Assert.Contains("tile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatIsNoCubin_SaysSo()
    {
        Assert.Contains("not a cubin", Assert.Throws<CubinException>(() => CubinFile.Read([], "empty")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "not a cubin", Assert.Throws<CubinException>(
            () => CubinFile.Read("// PTX, which is text: .version 8.1"u8.ToArray().Concat(new byte[64]).ToArray(), "kernel.ptx"))
            .Message, StringComparison.Ordinal);
        byte[] other = CubinSources.Golden(s_goldens[0]);
        other[18] = 62;
        Assert.Contains("machine 62", Assert.Throws<CubinException>(() => CubinFile.Read(other, "library.so")).Message, StringComparison.Ordinal);
        byte[] old = CubinSources.Golden(s_goldens[0]);
        old[48] = 70;
        Assert.Contains("sm_70", Assert.Throws<CubinException>(() => CubinFile.Read(old, "volta.cubin")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfCutAndDamagedFiles_EndsInOneKindOfError()
    {
        foreach (string file in s_goldens)
        {
            byte[] image = CubinSources.Golden(file);
            for (int length = 0; length < image.Length; length += 61) ReadOrRefuse(image[..length]);
            var random = new Random(7);
            for (int i = 0; i < 400; i++)
            {
                byte[] damaged = [.. image];
                // Tables lie at both ends of the file; damage there does most.
                for (int k = 0; k < 4; k++)
                {
                    int at = random.Next(3) == 0 ? random.Next(64) : random.Next(2) == 0 ? random.Next(image.Length)
                        : image.Length - 1 - random.Next(Math.Min(image.Length, 2400));
                    damaged[at] = (byte)random.Next(256);
                }
                ReadOrRefuse(damaged);
            }
        }
    }

    private static void ReadOrRefuse(byte[] image)
    {
        try
        {
            foreach (CubinKernel kernel in CubinFile.Read(image, "damaged").Kernels) _ = kernel.MainLoop?.StallCycles;
        }
        catch (CubinException error)
        {
            Assert.StartsWith("damaged: ", error.Message, StringComparison.Ordinal);
        }
    }
}
