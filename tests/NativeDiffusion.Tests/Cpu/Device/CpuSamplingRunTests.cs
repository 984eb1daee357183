using System.Collections.Immutable;
using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Devices;
using NativeDiffusion.Pipelines;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu.Device;

/// <summary>A run on the device against a step-by-step evaluation of the table.</summary>
public sealed class CpuSamplingRunTests
{
    private const int Side = 8;

    private static readonly SolverTable s_table = SolverProfiles.CreateTable(new SolverChoice
    {
        Profile = SolverProfile.A1111,
        Sampler = "Euler a",
        Steps = 4,
        ModelScheduler = SchedulerConfig.ForClass("EulerDiscreteScheduler"),
    });

    private static readonly Guidance s_guidance = Guidance.ClassifierFree(5);
    private static readonly TensorShape s_shape = new(1, 4, Side, Side);

    [Fact]
    public void Advance_PicturesOfDifferentPrompts_EqualTheTableByHand()
    {
        using var device = new CpuDevice(2);
        Tensor negative = States("negative", 7), positive = States("positive", 7), longer = States("longer", 14);
        // The second picture's prompt changes after two rows, and is longer: batches of 7 and of 14 tokens in one row.
        ImmutableArray<ConditionRange> plain = [new(4, [negative, positive], s_guidance)];
        ImmutableArray<ConditionRange> edited = [new(2, [negative, positive], s_guidance), new(4, [negative, longer], s_guidance)];
        using ISamplingRun run = device.BeginSampling(Request(Picture(1, plain), Picture(2, edited)));
        for (int row = 0; row < 4; row++)
        {
            Assert.Equal(row, run.RowIndex);
            Assert.Same(s_table.Rows[row], run.Advance(TestContext.Current.CancellationToken));
        }

        Assert.Throws<InvalidOperationException>(() => run.Advance(TestContext.Current.CancellationToken));
        Assert.Equal(ByHand(device, 1, _ => [negative, positive]).Data, run.X(0).Data);
        Assert.Equal(ByHand(device, 2, row => row < 2 ? [negative, positive] : [negative, longer]).Data, run.X(1).Data);
    }

    [Fact]
    public void Advance_Cancelled_LeavesTheDeviceUsable()
    {
        using var device = new CpuDevice(2);
        Tensor states = States("positive", 7);
        using var source = new CancellationTokenSource();
        source.Cancel();
        using ISamplingRun run = device.BeginSampling(Request(Picture(1, [new(4, [states], Guidance.None)])));
        Assert.Throws<OperationCanceledException>(() => run.Advance(source.Token));
        // What the row drew is drawn: the run cannot go on as if it were not.
        Assert.Throws<InvalidOperationException>(() => run.Advance(TestContext.Current.CancellationToken));
        using ISamplingRun next = device.BeginSampling(Request(Picture(1, [new(4, [states], Guidance.None)])));
        for (int row = 0; row < 4; row++) next.Advance(TestContext.Current.CancellationToken);
        Assert.All(next.X0(0).Data, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Philox_OfTheNvGenerator_GivesTheNumbersThatItDraws()
    {
        var source = new NvNoise(42);
        source.Normal(new float[16]);
        var noise = new StepNoise(source, null);
        Assert.Equal(new PhiloxKey(42, 1), noise.Philox);
        float[] drawn = new float[16];
        noise.Draw(1, 0.5, isUsed: true, drawn);
        Assert.Equal(new PhiloxKey(42, 2), noise.Philox);
        var again = new NvNoise(42);
        again.Normal(new float[16]);
        float[] expected = new float[16];
        again.Normal(expected);
        Assert.Equal(expected, drawn);
        Assert.Null(new StepNoise(new TorchCpuNoise(1), null).Philox);
    }

    private static Tensor ByHand(CpuDevice device, ulong seed, Func<int, Tensor[]> statesAt)
    {
        var source = new TorchCpuNoise(seed);
        var run = new SolverRun(s_table, Start(source));
        for (int row = 0; row < 4; row++)
        {
            Tensor input = run.ModelInput();
            Tensor[] predictions = [.. statesAt(row).Select(states => Predict(device, input, s_table.Rows[row].Timestep, states))];
            var noise = new Tensor(s_shape);
            if (s_table.Rows[row].DrawsAfter) source.Normal(noise.Data);
            run.Step(predictions, s_guidance, noise);
        }

        return run.X;
    }

    private static Tensor Predict(CpuDevice device, Tensor input, double timestep, Tensor states)
    {
        NetworkGraph network = SmallUNet.Graph(1, Side, Side, states.Shape[1]);
        using ICompiledPlan plan = device.Compile(network.Graph);
        plan.Input(network.Sample).CopyFrom(input.Data);
        plan.Input(network.Timestep).CopyFrom([(float)timestep]);
        plan.Input(network.Context).CopyFrom(states.Data);
        plan.Run();
        return plan.Output(network.Prediction).ToTensor();
    }

    private static SamplingRequest Request(params SampledPicture[] pictures) => new()
    {
        Owner = SmallUNet.Model,
        Network = (batch, tokens) => SmallUNet.Graph(batch, Side, Side, tokens),
        Table = s_table,
        Pictures = [.. pictures],
    };

    private static SampledPicture Picture(ulong seed, ImmutableArray<ConditionRange> conditions)
    {
        var source = new TorchCpuNoise(seed);
        return new SampledPicture { Start = Start(source), Conditions = conditions, Noise = new StepNoise(source, null) };
    }

    private static Tensor Start(TorchCpuNoise source)
    {
        var noise = new Tensor(s_shape);
        source.Normal(noise.Data);
        return SolverRun.FromNoise(s_table, noise).X;
    }

    private static Tensor States(string name, int tokens) =>
        new(new TensorShape(1, tokens, SmallUNet.ContextChannels), RecipeTensors.Input(name, tokens * SmallUNet.ContextChannels));
}
