using NativeDiffusion;
using NativeDiffusion.Imaging;

using StableDiffusionPipeline pipeline = await StableDiffusionPipeline.OpenAsync("models/tiny-landscapes");
var options = new GenerationOptions
{
    Prompt = "red mountains at sunset with two trees",
    Steps = 20,
    GuidanceScale = 7.5,
    Seeds = [7, 8],
};
var progress = new Progress<GenerationProgress>(p => Console.WriteLine($"{p.Stage} {p.Done} of {p.Count}"));
GenerationResult result = await pipeline.GenerateAsync(options, progress);
foreach (GeneratedPicture picture in result.Pictures)
    picture.Image.SavePng($"{picture.Seed}.png", [new PngText("parameters", picture.Parameters.ToString())]);
