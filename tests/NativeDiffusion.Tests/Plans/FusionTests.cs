using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Pipelines;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Plans;

/// <summary>With each fusion disabled, all disabled, and a fictitious device's capabilities: the same results within rounding.</summary>
public sealed class FusionTests
{
    private static readonly DeviceCapabilities s_cpu = CpuDevice.Capabilities;

    private static readonly Dictionary<string, DeviceCapabilities> s_choices = new()
    {
        ["no activations"] = s_cpu with { EpilogueActivations = [] },
        ["no gated epilogue"] = s_cpu with { EpilogueActivations = s_cpu.EpilogueActivations.Remove(Activation.GeGlu) },
        ["no image bias"] = s_cpu with { EpilogueImageBias = false },
        ["no residual"] = s_cpu with { EpilogueResidual = false },
        ["one segment"] = s_cpu with { SegmentsPerProduct = 1 },
        ["two segments"] = s_cpu with { SegmentsPerProduct = 2 },
        ["no mixed windows"] = s_cpu with { MixedWindows = false },
        ["no slices"] = s_cpu with { SlicedRows = false },
        ["no virtual upsampling"] = s_cpu with { VirtualUpsampling = false },
        ["no two sources"] = s_cpu with { TwoSourceNorms = false },
        ["statistics"] = s_cpu with { ProductStatistics = true },
        ["made up"] = MadeUpDevice.Capabilities,
        ["nothing"] = DeviceCapabilities.None,
    };

    public static TheoryData<string> Choices() => [.. s_choices.Keys];

    [Theory]
    [MemberData(nameof(Choices))]
    public void UNet_FusionSwitchedOff_SameNumbersWithinRounding(string choice)
    {
        NetworkGraph network = SmallUNet.Graph(2, 9, 13);
        Compare(choice, device => SmallUNet.Predict(device, network));
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Vae_FusionSwitchedOff_SameNumbersWithinRounding(string choice)
    {
        var config = new AutoencoderKLConfig { BlockOutChannels = [16, 32], LayersPerBlock = 1, NormNumGroups = 8 };
        var vae = new AutoencoderKL(config, new WeightScope(new RecipeWeights("fusion.")));
        LatentCodec.CodecGraph decoder = LatentCodec.Graph(vae, new TensorShape(1, 4, 7, 9), decode: true);
        Compare(choice, device =>
        {
            using ICompiledPlan plan = device.Compile(decoder.Graph);
            plan.Input(decoder.X).CopyFrom(RecipeTensors.Input("fusion.x", 4 * 63));
            plan.Run();
            return plan.Output(decoder.Y).ToTensor().Data;
        });
    }

    private static void Compare(string choice, Func<IComputeDevice, float[]> run)
    {
        using var joined = new CpuDevice(2);
        using var apart = new CpuDevice(2, s_choices[choice]);
        float[] expected = run(joined), actual = run(apart);
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow(actual[i] - (double)expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        // Float32's rounding (6e-8) through some forty layers; the goldens' budget for networks of this size.
        double relative = Math.Sqrt(difference / size);
        Assert.True(relative < 2e-6, $"{choice}: the relative error is {relative:0.0e+0}");
    }
}
