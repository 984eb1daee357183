using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>The CPU's step against the row's formula written out plainly in double.</summary>
public sealed class SolverStepTests
{
    private static readonly TensorShape s_shape = new(2, 3, 5, 7);
    private readonly Random _random = new(7);

    [Theory]
    [CombinatorialData]
    public void Step_RandomRows_EqualsThePlainFormula(
        [CombinatorialValues(PredictionType.Epsilon, PredictionType.Velocity, PredictionType.Sample)] PredictionType type, bool rescale, bool masked)
    {
        SolverTable table = RandomTable(type, 6);
        Tensor x = Numbers();
        var run = new SolverRun(table, x);
        double[] state = [.. x.Data.Select(value => (double)value)], saved = new double[state.Length];
        double[][] slots = [.. Enumerable.Range(0, 4).Select(_ => new double[state.Length])];
        var guidance = Guidance.ClassifierFree(6.5, rescale ? 0.7 : 0);
        KnownRegion? known = masked ? new KnownRegion(new Tensor(s_shape, [.. Numbers().Data.Select(value => Math.Clamp(value + 0.5f, 0, 1))]), Numbers())
            : null;
        foreach (SolverRow row in table.Rows)
        {
            Tensor churn = Numbers(), noise = Numbers(), negative = Numbers(), positive = Numbers();
            Tensor input = run.ModelInput(churn);
            for (int i = 0; i < state.Length; i++)
            {
                state[i] = (float)(state[i] + row.NoiseBefore * churn.Data[i]);
                Assert.Equal((float)(row.InputScale * state[i]), input.Data[i]);
            }

            double[] factors = [.. Enumerable.Range(0, 2).Select(picture => rescale ? Factor(negative, positive, picture) : 1)];
            run.Step([negative, positive], guidance, noise, known);
            for (int i = 0; i < state.Length; i++)
            {
                double m = (negative.Data[i] + 6.5 * ((double)positive.Data[i] - negative.Data[i])) * factors[i / (state.Length / 2)];
                double x0 = row.Prediction.X0FromX * state[i] + row.Prediction.X0FromModel * m,
                    eps = row.Prediction.EpsFromX * state[i] + row.Prediction.EpsFromModel * m;
                if (known is not null)
                {
                    x0 = known.Mask.Data[i] * x0 + (1.0 - known.Mask.Data[i]) * known.Picture.Data[i];
                    eps = (state[i] - row.SignalLevel * x0) / row.NoiseLevel;
                }

                double Sum(SolverCombination c) => c.X * state[i] + c.Saved * saved[i] + c.X0 * x0 + c.Eps * eps
                    + c.Slot0 * slots[0][i] + c.Slot1 * slots[1][i] + c.Slot2 * slots[2][i] + c.Slot3 * slots[3][i] + c.Noise * noise.Data[i];
                double next = Sum(row.Next), save = Sum(row.Save);
                slots[row.StoreSlot][i] = (float)(row.StoreX0 * x0 + row.StoreEps * eps);
                (state[i], saved[i]) = (run.X.Data[i], (float)save);
                Assert.Equal(next, run.X.Data[i], 2e-6 * (1 + Math.Abs(next)));
                Assert.Equal(x0, run.X0.Data[i], 2e-6 * (1 + Math.Abs(x0)));
            }
        }

        Assert.True(run.IsDone);
    }

    [Fact]
    public void Step_PictureOfABatch_EqualsThePictureAlone()
    {
        SolverTable table = RandomTable(PredictionType.Epsilon, 4);
        Tensor x = Numbers();
        var run = new SolverRun(table, x);
        var alone = new SolverRun(table, Second(x));
        var guidance = Guidance.ClassifierFree(7, 0.5);
        foreach (SolverRow row in table.Rows)
        {
            Tensor churn = Numbers(), noise = Numbers(), negative = Numbers(), positive = Numbers();
            run.ModelInput(churn);
            alone.ModelInput(Second(churn));
            run.Step([negative, positive], guidance, noise);
            alone.Step([Second(negative), Second(positive)], guidance, Second(noise));
            Assert.Equal(Second(run.X).Data, alone.X.Data);
            Assert.Equal(Second(run.X0).Data, alone.X0.Data);
            Assert.InRange(row.Step, 0, 3);
        }
    }

    [Fact]
    public void Step_WrongInputs_AreRefusedInWords()
    {
        SolverTable table = RandomTable(PredictionType.Epsilon, 1);
        var run = new SolverRun(table, Numbers());
        Assert.Contains("before its evaluation", Assert.Throws<ArgumentException>(() => run.ModelInput()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => run.Step([Numbers()], Guidance.None, Numbers()));
        run.ModelInput(Numbers());
        Assert.Contains(
            "2 weights", Assert.Throws<ArgumentException>(
            () => run.Step([Numbers()], Guidance.ClassifierFree(2), Numbers())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "[2, 3, 5, 7]", Assert.Throws<ArgumentException>(
            () => run.Step([new Tensor(new TensorShape(1, 2))], Guidance.None, Numbers())).Message, StringComparison.Ordinal);
        Assert.Contains("after its evaluation", Assert.Throws<ArgumentException>(() => run.Step([Numbers()], Guidance.None)).Message, StringComparison.Ordinal);
        run.Step([Numbers()], Guidance.None, Numbers());
        Assert.Throws<InvalidOperationException>(() => run.Row);
    }

    [Fact]
    public void KeepKnown_OutsideTheMask_IsThePictureAtTheNextLevel()
    {
        SolverTable table = RandomTable(PredictionType.Epsilon, 2);
        Tensor picture = Numbers(), noise = Numbers();
        var mask = new Tensor(s_shape);
        SolverRun run = SolverRun.FromPicture(table, picture, noise);
        Assert.Equal((float)(table.Rows[0].AddNoise.Signal * picture.Data[5] + table.Rows[0].AddNoise.Noise * noise.Data[5]), run.X.Data[5]);
        run.ModelInput(Numbers());
        run.Step([Numbers()], Guidance.None, Numbers());
        run.KeepKnown(new KnownRegion(mask, picture), noise);
        Assert.Equal((float)(table.Rows[1].AddNoise.Signal * picture.Data[9] + table.Rows[1].AddNoise.Noise * noise.Data[9]), run.X.Data[9]);
        run.ModelInput(Numbers());
        run.Step([Numbers()], Guidance.None, Numbers());
        run.KeepKnown(new KnownRegion(mask, picture), noise);
        Assert.Equal(picture.Data, run.X.Data);
    }

    private static Tensor Second(Tensor tensor) => new(new TensorShape(1, 3, 5, 7), tensor.Data[(tensor.Data.Length / 2)..]);

    // Sample standard deviations, as torch.std gives them.
    private static double Factor(Tensor negative, Tensor positive, int picture)
    {
        int size = negative.Data.Length / 2;
        double Deviation(Func<int, double> value)
        {
            double mean = Enumerable.Range(picture * size, size).Average(value);
            return Math.Sqrt(Enumerable.Range(picture * size, size).Sum(i => (value(i) - mean) * (value(i) - mean)) / (size - 1));
        }

        double text = Deviation(i => positive.Data[i]), guided = Deviation(i => negative.Data[i] + 6.5 * ((double)positive.Data[i] - negative.Data[i]));
        return 0.7 * text / guided + 0.3;
    }

    private Tensor Numbers() => new(s_shape, [.. Enumerable.Range(0, (int)s_shape.Count).Select(_ => (float)(_random.NextDouble() * 2 - 1))]);

    private SolverTable RandomTable(PredictionType type, int rows)
    {
        double Coefficient() => _random.Next(4) == 0 ? 0 : _random.NextDouble() * 2 - 1;
        SolverCombination Combination(int stored) => new()
        {
            X = Coefficient(),
            Saved = Coefficient(),
            X0 = Coefficient(),
            Eps = Coefficient(),
            Slot0 = stored > 0 ? Coefficient() : 0,
            Slot1 = stored > 1 ? Coefficient() : 0,
            Slot2 = stored > 2 ? Coefficient() : 0,
            Slot3 = stored > 3 ? Coefficient() : 0,
            Noise = 0.25,
        };
        var table = new SolverTableBuilder(new SolverTableHead("random", type, 1, [], 0));
        for (int i = 0; i < rows; i++)
        {
            double signal = 0.3 + _random.NextDouble(), level = 0.3 + _random.NextDouble();
            table.Add(new SolverRow
            {
                Timestep = i,
                InputScale = 0.8,
                SignalLevel = signal,
                NoiseLevel = level,
                Prediction = PredictionWeights.For(type, signal, level),
                Next = Combination(i),
                Save = Combination(i),
                StoreSlot = i % 4,
                StoreX0 = Coefficient(),
                StoreEps = Coefficient(),
                DrawsBefore = true,
                NoiseBefore = 0.3,
                DrawsAfter = true,
                AddNoise = new NoiseMix(signal, level),
            });
        }

        return table.ToTable();
    }
}
