namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// Euler steps with new noise in each, in diffusers' form: the steps of k-diffusion's sample_euler_ancestral, on sigmas that are linear between
/// the training timesteps, with a noise drawn in the last step too.
/// </summary>
internal static class EulerAncestral
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists();
        NoiseSchedule schedule = run.Schedule(zeroSnr: true, keepLastFinite: true);
        SigmaList list = FractionalSigmas.Interpolated(run, schedule);
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(VeRow.InitNoiseScale(run, list.Sigmas), list.Sigmas, first);
        for (int i = first; i < list.Timesteps.Length; i++)
        {
            double from = list.Sigmas[i], to = list.Sigmas[i + 1];
            AncestralStep step = AncestralStep.Between(from, to);
            // The reference rounds dt to float32; from the 4096 of a zero terminal SNR the rounding matters.
            double dt = (float)step.Down - (float)from;
            SolverCombination next = Terms.X + dt * Terms.Eps + step.Up * Terms.Noise;
            table.Add(VeRow.Make(run.Prediction, from, list.Timesteps[i], next) with { DrawsAfter = true, NoiseFrom = from, NoiseTo = to });
        }

        return table.ToTable();
    }
}
