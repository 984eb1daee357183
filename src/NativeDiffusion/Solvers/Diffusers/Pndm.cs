namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// Pseudo numerical methods: Liu et al., arXiv:2202.09778. Linear multistep (PLMS) on the network's outputs, started either by Runge-Kutta steps of
/// four evaluations (PRK) or, with skip_prk_steps, by an Euler step with a correction.
/// </summary>
internal sealed class Pndm
{
    private const int Order = 4;
    private const int PrkRounds = 3;
    private const int SpareSlot = 3;

    private readonly SchedulerRun _run;
    private readonly AlphaRow _rows;
    private readonly SolverTableBuilder _table;
    private readonly SolverHistory _history = new(Order);
    private readonly int _ratio;

    private Pndm(SchedulerRun run)
    {
        run.RefuseLists();
        _run = run;
        _rows = new AlphaRow(run, run.Config.SetAlphaToOne, zeroSnr: false);
        _ratio = run.Config.NumTrainTimesteps / run.Steps;
        _table = run.Table(1, [], run.FirstStep());
    }

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        var pndm = new Pndm(run);
        // Ascending, as the reference slices its lists.
        int[] timesteps = [.. WholeTimesteps.Spaced(run).Reverse()];
        if (run.Config.SkipPrkSteps)
        {
            // The second timestep occurs twice.
            int[] plms = timesteps.Length > 1 ? [.. timesteps[..^1], timesteps[^2], timesteps[^1]] : timesteps;
            pndm.Plms([.. plms.Reverse().Skip(run.FirstStep())], counter: 0);
        }
        else
        {
            Refusal.When(run.Steps < Order, "steps", $"PNDM with its Runge-Kutta steps needs at least {Order}; set skip_prk_steps or use more");
            Refusal.When(run.FirstStep() > 0, "strength", "PNDM with its Runge-Kutta steps cannot begin in the middle; set skip_prk_steps");
            int[] prk = pndm.PrkTimesteps(timesteps);
            for (int round = 0; round < PrkRounds; round++) pndm.RungeKutta(prk.AsSpan(round * Order, Order));
            pndm.Plms([.. timesteps[..^PrkRounds].Reverse()], prk.Length);
        }

        return pndm._table.ToTable();
    }

    // Each of the last four timesteps and one half a step above it, every one but the ends twice, descending.
    private int[] PrkTimesteps(int[] timesteps)
    {
        int[] pairs = [.. timesteps[^Order..].SelectMany(t => new[] { t, t + _ratio / 2 })];
        int[] twice = [.. pairs[..^1].SelectMany(t => new[] { t, t })];
        return [.. twice[1..^1].Reverse()];
    }

    // One step of four evaluations from the x at its beginning, weighted 1/6, 1/3, 1/3, 1/6.
    private void RungeKutta(ReadOnlySpan<int> t)
    {
        int start = t[0], half = _ratio / 2;
        Add(t[0], Transfer(Terms.X, start, t[0] - half, Raw(t[0])), Terms.X, endsStep: false, _history.Push());
        Add(t[1], Transfer(Terms.Saved, start, t[1], Raw(t[1])), Terms.Saved, endsStep: false, SpareSlot);
        // The x at the start is no longer needed: what is saved is the sum of the step without its last evaluation.
        SolverCombination sum = 1.0 / 6 * _history[1] + 1.0 / 3 * Terms.Slot(SpareSlot) + 1.0 / 3 * Raw(t[2]);
        Add(t[2], Transfer(Terms.Saved, start, t[2] - half, Raw(t[2])), Transfer(Terms.Saved, start, t[3], sum), endsStep: false, -1);
        Add(t[3], Terms.Saved + Transfer(default, start, t[3], 1.0 / 6 * Raw(t[3])), default, endsStep: true, -1);
    }

    private void Plms(int[] timesteps, int counter)
    {
        foreach (int t in timesteps)
        {
            int from = t, to = t - _ratio;
            SolverCombination raw = Raw(t), sample = Terms.X, save = default;
            // The second evaluation corrects the first step: it neither advances nor is stored.
            bool corrects = counter == 1;
            SolverCombination output = (corrects, _history.Count) switch
            {
                (true, _) => 0.5 * (raw + _history[1]),
                (_, 0) => raw,
                (_, 1) => 0.5 * (3 * raw - _history[1]),
                (_, 2) => 1.0 / 12 * (23 * raw - 16 * _history[1] + 5 * _history[2]),
                _ => 1.0 / 24 * (55 * raw - 59 * _history[1] + 37 * _history[2] - 9 * _history[3]),
            };
            if (corrects)
            {
                (from, to) = (t + _ratio, t);
                sample = Terms.Saved;
            }
            else if (counter == 0) save = Terms.X;

            Add(t, Transfer(sample, from, to, output), save, endsStep: counter != 0 || timesteps.Length == 1, corrects ? -1 : _history.Push());
            counter++;
        }
    }

    private void Add(int t, SolverCombination next, SolverCombination save, bool endsStep, int slot)
    {
        SolverCombination raw = Raw(t);
        _table.Add(
            _rows.Make(
            _run.Prediction, t, next) with
            {
                Save = save,
                EndsStep = endsStep,
                StoreSlot = slot,
                StoreX0 = slot < 0 ? 0 : raw.X0,
                StoreEps = slot < 0 ? 0
            : raw.Eps
            });
    }

    // The network's own output in terms of x0 and ε: outputs are combined as predicted, velocities too.
    private SolverCombination Raw(int t)
    {
        if (_run.Prediction != PredictionType.Velocity) return Terms.Eps;
        NoiseMix mix = AlphaRow.Mix(_rows.Alpha(t));
        return mix.Signal * Terms.Eps - mix.Noise * Terms.X0;
    }

    // Equation 11: from timestep t to the previous one along the direction of the output.
    private SolverCombination Transfer(SolverCombination sample, int timestep, int previous, SolverCombination output)
    {
        float alpha = _rows.Alpha(timestep), alphaPrevious = _rows.Alpha(previous);
        float beta = 1f - alpha, betaPrevious = 1f - alphaPrevious;
        if (_run.Prediction == PredictionType.Velocity) output = Math.Sqrt(alpha) * output + Math.Sqrt(beta) * sample;
        double denominator = alpha * Math.Sqrt(betaPrevious) + Math.Sqrt((double)alpha * beta * alphaPrevious);
        return Math.Sqrt((double)alphaPrevious / alpha) * sample - (alphaPrevious - alpha) / denominator * output;
    }
}
