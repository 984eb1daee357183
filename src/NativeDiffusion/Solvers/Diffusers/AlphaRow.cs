namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Rows of the solvers that step between training timesteps and look ᾱ up there: DDIM, DDPM, PNDM, LCM, TCD.</summary>
internal sealed class AlphaRow
{
    private readonly NoiseSchedule _schedule;
    private readonly float _final;

    /// <summary>Creates rows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="alphaAfterLast">ᾱ after the last timestep: 1, or that of timestep 0.</param>
    /// <param name="zeroSnr">Whether the class has rescale_betas_zero_snr.</param>
    public AlphaRow(SchedulerRun run, bool alphaAfterLast, bool zeroSnr)
    {
        _schedule = run.Schedule(zeroSnr);
        _final = alphaAfterLast ? 1 : _schedule.AlphasCumprod[0];
    }

    /// <summary>ᾱ of a timestep; below 0, that after the last.</summary>
    /// <exception cref="ArgumentException">The timestep is beyond the schedule.</exception>
    public float Alpha(int timestep)
    {
        Refusal.When(
            timestep >= _schedule.Count, "steps_offset",
            $"timestep {timestep} is beyond the {_schedule.Count} training timesteps; use a smaller steps_offset or fewer steps");
        return timestep < 0 ? _final : _schedule.AlphasCumprod[timestep];
    }

    /// <summary>√ᾱ and √(1 - ᾱ), of ᾱ in float32.</summary>
    public static NoiseMix Mix(float alpha) => new(Math.Sqrt(alpha), Math.Sqrt(1f - alpha));

    /// <summary>A row at a timestep.</summary>
    public SolverRow Make(PredictionType prediction, int timestep, SolverCombination next)
    {
        NoiseMix mix = Mix(Alpha(timestep));
        return new SolverRow
        {
            Timestep = timestep,
            InputScale = 1,
            SignalLevel = mix.Signal,
            NoiseLevel = mix.Noise,
            Prediction = PredictionWeights.For(prediction, mix.Signal, mix.Noise),
            Next = next,
            AddNoise = mix,
        };
    }

    /// <summary>A row that draws a noise, with the interval of the noise.</summary>
    public SolverRow Noisy(PredictionType prediction, int timestep, int previous, SolverCombination next, bool draws)
    {
        NoiseMix from = Mix(Alpha(timestep)), to = Mix(Alpha(previous));
        return Make(prediction, timestep, next) with { DrawsAfter = draws, NoiseFrom = from.Noise / from.Signal, NoiseTo = to.Noise / to.Signal };
    }
}
