namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>The integer timesteps of the solvers that step between training timesteps.</summary>
internal static class WholeTimesteps
{
    /// <summary>DDIM's, DDPM's and PNDM's, descending.</summary>
    public static int[] Spaced(SchedulerRun run)
    {
        int count = run.Config.NumTrainTimesteps;
        Refusal.When(run.Steps > count, "steps", $"{run.Steps} are more than the {count} training timesteps");
        return TimestepSpacing.Whole(run.Config.TimestepSpacing, count, run.Steps, run.Config.StepsOffset);
    }

    /// <summary>A custom list, which must be descending and start inside the schedule.</summary>
    public static int[] Custom(SchedulerRun run)
    {
        int[] timesteps = [.. run.Options.Timesteps!.Select(t => (int)t)];
        Refusal.When(timesteps[0] >= run.Config.NumTrainTimesteps, "timesteps", $"the first one, {timesteps[0]}, is not below {run.Config.NumTrainTimesteps}");
        Refusal.When(timesteps[^1] < 0, "timesteps", "the last one is below 0");
        for (int i = 1; i < timesteps.Length; i++) Refusal.When(timesteps[i] >= timesteps[i - 1], "timesteps", "they must be descending");
        return timesteps;
    }

    /// <summary>LCM's and TCD's: evenly selected from the timesteps on which the model was distilled.</summary>
    /// <param name="run">The run.</param>
    /// <param name="origins">Those timesteps, ascending.</param>
    /// <param name="originalSteps">Their maximum number.</param>
    public static int[] Picked(SchedulerRun run, int[] origins, int originalSteps)
    {
        Refusal.When(run.Steps > originalSteps, "steps", $"{run.Steps} are more than original_inference_steps, {originalSteps}");
        double step = (double)origins.Length / run.Steps;
        return [.. Enumerable.Range(0, run.Steps).Select(i => origins[origins.Length - 1 - (int)Math.Floor(i * step)])];
    }
}
