using NativeDiffusion.Devices;
using NativeDiffusion.Imaging;
using NativeDiffusion.Models;
using NativeDiffusion.Pipelines;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Pipelines;

public sealed class TiledDecoderTests(TinyPipeline tiny) : IClassFixture<TinyPipeline>
{
    private const int Side = 512;

    [Theory]
    [InlineData(32, 8)]
    [InlineData(48, 16)]
    public void Decode_InTiles_HasNoSeamThatCouldBeSeen(int tile, int overlap)
    {
        AutoencoderKL vae = tiny.Pipeline.Vae;
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 2);
        var codec = new LatentCodec(device, vae);
        float[] latents = EncodeGoldenPicture(codec);
        int cells = Side / codec.Factor;
        Tensor[] pictures = [new Tensor(new TensorShape(1, vae.Config.LatentChannels, cells, cells), latents)];
        float[] whole = codec.Decode(pictures, null, TestContext.Current.CancellationToken).Single().Data;
        float[] tiled = codec.Decode(pictures, new VaeTiling(tile, overlap), TestContext.Current.CancellationToken).Single().Data;

        // A seam is a line: differences between adjacent columns (or rows) along its whole length that the untiled picture does not have.
        double[] columns = new double[Side], rows = new double[Side];
        double squares = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            double difference = tiled[i] - whole[i];
            squares += difference * difference;
            int x = i % Side, y = i / Side % Side;
            if (x > 0) columns[x] += difference - (tiled[i - 1] - whole[i - 1]);
            if (y > 0) rows[y] += difference - (tiled[i - Side] - whole[i - Side]);
        }

        double levels = columns.Concat(rows).Max(Math.Abs) / (3 * Side) * 127.5, psnr = 10 * Math.Log10(4 / (squares / whole.Length));
        TestContext.Current.TestOutputHelper?.WriteLine($"strongest line {levels:0.000} of 255, PSNR {psnr:0.0} dB");
        Assert.True(levels < 1, $"The strongest line that tiling adds is {levels:0.000} of 255 levels; a screen shows whole ones.");
        Assert.True(psnr > 48, $"Tiled and whole picture differ by {psnr:0.0} dB.");
    }

    private static float[] EncodeGoldenPicture(LatentCodec codec)
    {
        RgbImage image = PngImage.Read(Path.Combine(Repository.Goldens, "pictures", "image.png")).ToRgb().Resize(Side, Side);
        float[] planes = new float[3 * Side * Side];
        PixelConversion.ToPlanes(image, planes);
        Tensor moments = codec.Encode(new Tensor(new TensorShape(1, 3, Side, Side), planes), TestContext.Current.CancellationToken);
        return codec.Sample(moments, new float[moments.Data.Length / 2]);
    }
}
