// Draws thirty small pictures over samplers, profiles, sizes, batches, image to image, inpainting, VAE tiles and prompts, and compares the SHA-256 of
// their pixels and final latents with scripts/picture-hashes.txt: a change of structure must not change a byte.
//   dotnet run -c Release scripts/picture-hashes.cs               compares; exits 1 where a picture differs
//   dotnet run -c Release scripts/picture-hashes.cs -- --record   writes the record anew
// The latents are float32, so the comparison is exact to the bit; the bytes are the same on every processor (docs/numerics.md).
#:project ../src/NativeDiffusion/NativeDiffusion.csproj
#:property PublishAot=false
#:property AnalysisMode=Default
#:property RestorePackagesWithLockFile=false
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeDiffusion;
using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Text;

string folder = Folder();
string recordPath = Path.Combine(folder, "picture-hashes.txt");
using StableDiffusionPipeline pipeline = StableDiffusionPipeline.Open(Path.Combine(folder, "..", "models", "tiny-landscapes"));
List<string> lines = [];
foreach ((string name, GenerationOptions options) in Cases())
{
    GenerationResult result = pipeline.Generate(options with { KeepLatents = true });
    foreach (GeneratedPicture picture in result.Pictures)
    {
        string pixels = Hash(picture.Image.Pixels), latents = Hash(MemoryMarshal.AsBytes<float>(picture.Latents!.Data));
        lines.Add($"{name} | {picture.Seed} | {picture.Image.Width}x{picture.Image.Height} | {pixels} | {latents}");
    }
}

if (args is ["--record"])
{
    File.WriteAllLines(recordPath, lines);
    Console.WriteLine($"{lines.Count} pictures recorded.");
    return 0;
}

string[] recorded = File.ReadAllLines(recordPath);
string[] differ = [.. lines.Except(recorded), .. recorded.Except(lines).Select(line => $"recorded: {line}")];
foreach (string line in differ) Console.WriteLine(line);
Console.WriteLine($"{lines.Intersect(recorded).Count()} of {recorded.Length} pictures are the same.");
return differ.Length == 0 ? 0 : 1;

static IEnumerable<(string Name, GenerationOptions Options)> Cases()
{
    var standard = new GenerationOptions { Prompt = "red mountains at sunset with two trees", NegativePrompt = "a boat", Steps = 8, Seeds = [7] };
    GenerationOptions webui = standard with { Profile = SolverProfile.A1111 }, comfy = standard with { Profile = SolverProfile.Comfy };
    yield return ("defaults", standard);
    yield return ("batch of 3", standard with { Seeds = [1, 2, 3] });
    yield return ("no guidance", standard with { GuidanceScale = 1 });
    yield return ("guidance rescale", standard with { GuidanceRescale = 0.7, Sampler = "DDIMScheduler" });
    yield return ("wide", standard with { Width = 96, Height = 64 });
    yield return ("odd latents", standard with { Width = 72, Height = 104 });
    yield return ("small", standard with { Width = 32, Height = 32 });
    yield return ("clip skip 2", standard with { ClipSkip = 2 });
    yield return ("sde", standard with { Sampler = "DPM++ 2M SDE", Schedule = "karras" });
    yield return ("heun", standard with { Sampler = "Heun" });
    yield return ("unipc", standard with { Sampler = "UniPCMultistepScheduler" });
    yield return ("timesteps", standard with { Sampler = "DPMSolverMultistepScheduler", Timesteps = [901, 701, 501, 301, 101] });
    yield return ("a1111 euler a", webui with { Sampler = "Euler a" });
    yield return ("a1111 dpm++ 2m karras", webui with { Sampler = "DPM++ 2M", Schedule = "karras", Seeds = [3, 4] });
    yield return ("a1111 dpm++ sde, brownian", webui with { Sampler = "DPM++ SDE" });
    yield return ("a1111 dpm2 a", webui with { Sampler = "DPM2 a" });
    yield return ("a1111 lms", webui with { Sampler = "LMS" });
    yield return ("a1111 churn", webui with { Sampler = "Heun", SChurn = 4, SNoise = 1.01 });
    yield return ("a1111 emphasis, and", webui with { Prompt = "(red:1.3) mountains AND two [trees]:0.7 AND the sea" });
    yield return ("a1111 prompt editing", webui with { Prompt = "[red:blue:4] mountains [with two trees::0.5] [at night|at noon]" });
    yield return ("a1111 long prompt", webui with { Prompt = string.Join(", ", Enumerable.Repeat("red mountains at sunset with two trees", 14)) });
    yield return ("a1111 prompts of different lengths", webui with
    {
        Seeds = [1, 2],
        Prompts = ["the sea", string.Join(", ", Enumerable.Repeat("the sea at noon with a boat", 16))],
    });
    yield return ("a1111 variation", webui with { Variation = new A1111NoiseOptions { VariationSeed = 9, VariationStrength = 0.4f } });
    yield return ("comfy", comfy with { Sampler = "dpmpp_2m", Schedule = "karras" });
    yield return ("comfy euler ancestral", comfy with { Sampler = "euler_ancestral", Prompt = "(red:1.4) mountains" });
    yield return ("torch cuda noise", standard with { Noise = new NoiseOrigin(NoiseKind.TorchCuda), Sampler = "Euler a" });
    yield return ("image to image", standard with { InitImage = Gradient(64, 64), Strength = 0.6 });
    yield return ("a1111 image to image", webui with { InitImage = Gradient(80, 64), Width = 80, Height = 64, Strength = 0.5, Sampler = "Euler a" });
    yield return ("inpainting", standard with { InitImage = Gradient(64, 64), Mask = Half(64, 64), Strength = 0.8, Seeds = [7, 8] });
    yield return ("inpainting at full strength", standard with { InitImage = Gradient(64, 64), Mask = Half(64, 64), Strength = 1 });
    yield return ("a1111 inpainting", webui with { InitImage = Gradient(64, 64), Mask = Half(64, 64), Strength = 0.75, Sampler = "DPM++ 2M" });
    yield return ("vae tiles", standard with { Width = 256, Height = 192, Steps = 3, VaeTiling = new VaeTiling(16, 4) });
}

static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];

static RgbImage Gradient(int width, int height)
{
    byte[] pixels = new byte[width * height * 3];
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            (pixels[(y * width + x) * 3], pixels[(y * width + x) * 3 + 1], pixels[(y * width + x) * 3 + 2]) =
                ((byte)(255 * x / width), (byte)(255 * y / height), (byte)(x * y));
    return new RgbImage(width, height, pixels);
}

static RgbImage Half(int width, int height)
{
    byte[] pixels = new byte[width * height * 3];
    Array.Fill(pixels, (byte)255, 0, pixels.Length / 2);
    return new RgbImage(width, height, pixels);
}

static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
