using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Pipelines;

public sealed class ProfileTests(TinyPipeline tiny) : IClassFixture<TinyPipeline>
{
    public static TheoryData<SolverProfile, string> Samplers()
    {
        var data = new TheoryData<SolverProfile, string>();
        foreach (SolverProfile profile in Enum.GetValues<SolverProfile>())
            foreach (string sampler in SolverProfiles.SamplerNames(profile)) data.Add(profile, sampler);
        return data;
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Generate_EverySamplerOfEveryProfile_DrawsTheSamePictureTwice(SolverProfile profile, string sampler)
    {
        GenerationOptions options = TinyPipeline.Quick with { Profile = profile, Sampler = sampler, Steps = 8, GuidanceScale = 1 };
        GenerationResult first = tiny.Pipeline.Generate(options), second = tiny.Pipeline.Generate(options);
        Assert.Equal(first.Pictures[0].Image.Pixels, second.Pictures[0].Image.Pixels);
        Assert.True(first.Pictures[0].Latents!.Data.All(float.IsFinite));

        // A picture, not noise or one color: its latents have the standard deviation that the VAE was trained on.
        double deviation = Math.Sqrt(first.Pictures[0].Latents!.Data.Average(value => (double)value * value));
        Assert.InRange(deviation, 0.2, 3);
    }

    [Theory]
    [InlineData("(red mountains:1.3) at [sunset:night:0.5] BREAK two trees")]
    [InlineData("red mountains AND the sea :0.5")]
    [InlineData("[red|green] hills")]
    public void Generate_GrammarOfA1111_ChangesThePicture(string prompt)
    {
        GenerationOptions options = TinyPipeline.Quick with { Profile = SolverProfile.A1111, Steps = 6 };
        byte[] plain = tiny.Pipeline.Generate(options).Pictures[0].Image.Pixels.ToArray();
        Assert.NotEqual(plain, tiny.Pipeline.Generate(options with { Prompt = prompt }).Pictures[0].Image.Pixels.ToArray());
    }

    [Fact]
    public void Generate_UnknownSampler_IsRefusedWithTheKnownOnes()
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => tiny.Pipeline.Generate(TinyPipeline.Quick with { Sampler = "Eular a" }));
        Assert.Contains("Euler a", error.Message, StringComparison.Ordinal);
    }
}
