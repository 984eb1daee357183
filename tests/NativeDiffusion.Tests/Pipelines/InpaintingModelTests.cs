using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Tensor = NativeDiffusion.Tensors.Tensor;
using Xunit;

namespace NativeDiffusion.Tests.Pipelines;

/// <summary>A nine-channel denoiser derived from the shipped one, with known weights of its additional channels.</summary>
public sealed class InpaintingModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ndiff-inpaint-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Generate_FurtherChannelsWithoutWeight_DrawsAsThePlainModel()
    {
        GenerationOptions options = Options();
        using StableDiffusionPipeline plain = StableDiffusionPipeline.Open(Repository.TinyModel);
        using StableDiffusionPipeline nine = StableDiffusionPipeline.Open(WithNineChannels(0));
        byte[] expected = plain.Generate(options with { InitImage = null, Mask = null }).Pictures[0].Image.Pixels.ToArray();
        Assert.Equal(expected, nine.Generate(options).Pictures[0].Image.Pixels.ToArray());
    }

    [Fact]
    public void Generate_FurtherChannelsWithWeight_SeesTheMask()
    {
        using StableDiffusionPipeline nine = StableDiffusionPipeline.Open(WithNineChannels(0.05f));
        byte[] first = nine.Generate(Options()).Pictures[0].Image.Pixels.ToArray();
        byte[] second = nine.Generate(Options() with { Mask = Half(255, 0) }).Pictures[0].Image.Pixels.ToArray();
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Generate_WithoutMask_IsRefused()
    {
        using StableDiffusionPipeline nine = StableDiffusionPipeline.Open(WithNineChannels(0));
        Assert.Contains("Mask", Assert.Throws<ArgumentException>(() => nine.Generate(TinyPipeline.Quick)).Message, StringComparison.Ordinal);
    }

    private static RgbImage Half(byte left, byte right)
    {
        byte[] pixels = new byte[64 * 72 * 3];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = i / 3 % 64 < 32 ? left : right;
        return new RgbImage(64, 72, pixels);
    }

    private static GenerationOptions Options()
    {
        var noise = new Tensor(new TensorShape(1, 4, 9, 8));
        new TorchCpuNoise(3).Normal(noise.Data);
        return TinyPipeline.Quick with { Latents = noise, InitImage = Half(200, 50), Mask = Half(0, 255), Strength = 1 };
    }

    private string WithNineChannels(float weight)
    {
        string path = Path.Combine(_folder.FullName, $"nine-{weight.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        foreach (string file in Directory.EnumerateFiles(Repository.TinyModel, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(path, Path.GetRelativePath(Repository.TinyModel, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        string config = Path.Combine(path, "unet", "config.json"), weights = Path.Combine(path, "unet", "diffusion_pytorch_model.safetensors");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"in_channels\": 4", "\"in_channels\": 9", StringComparison.Ordinal));
        using SafetensorsFile source = SafetensorsFile.Open(Path.Combine(Repository.TinyModel, "unet", "diffusion_pytorch_model.safetensors"));
        var writer = new SafetensorsWriter();
        foreach (string name in source.Names)
        {
            source.TryGet(name, out TensorShape shape, out _);
            float[] numbers = new float[shape.Count];
            source.Read(name, numbers);
            if (name == "conv_in.weight")
            {
                (shape, float[] old, numbers) = (new TensorShape(shape[0], 9, 3, 3), numbers, new float[shape[0] * 81]);
                Array.Fill(numbers, weight);
                for (int o = 0; o < shape[0]; o++) old.AsSpan(o * 36, 36).CopyTo(numbers.AsSpan(o * 81));
            }

            writer.Add(name, DType.Float16, new Tensor(shape, numbers));
        }

        File.Delete(weights);
        writer.Save(weights);
        return path;
    }
}
