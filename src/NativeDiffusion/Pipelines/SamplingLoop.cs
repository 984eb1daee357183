using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Walks a solver's rows for a batch of pictures: one network batch a row over all conditions of all pictures, then each picture's own step.</summary>
internal sealed class SamplingLoop(Denoiser denoiser, SolverTable table, int height, int width)
{
    /// <summary>Runs all rows.</summary>
    /// <param name="pictures">Their states are left at the end of the schedule.</param>
    /// <param name="stepDone">Told each row that ended a step.</param>
    /// <param name="cancellationToken">Looked at between operations.</param>
    /// <exception cref="ArithmeticException">The state is not a number any more.</exception>
    public void Run(IReadOnlyList<PictureRun> pictures, Action<SolverRow> stepDone, CancellationToken cancellationToken)
    {
        for (int i = 0; i < table.Rows.Count; i++)
        {
            SolverRow row = table.Rows[i];
            Condition[] conditions = [.. pictures.Select(picture => picture.ConditionAt(i))];
            var rows = new List<DenoiserRow>();
            foreach ((PictureRun picture, Condition condition) in pictures.Zip(conditions))
            {
                Tensor input = picture.Solver.ModelInput(row.DrawsBefore ? Draw(picture, row, row.NoiseBefore != 0) : null);
                ReadOnlyMemory<float> sample = picture.Inpainting?.ExtraChannels is { } extra ? Join(input, extra) : input.Data;
                rows.AddRange(condition.States.Select(states => new DenoiserRow(sample, (float)row.Timestep, states)));
            }

            float[][] predictions = denoiser.Predict(rows, height, width, cancellationToken);
            int next = 0;
            foreach ((PictureRun picture, Condition condition) in pictures.Zip(conditions))
            {
                int count = condition.States.Count;
                Step(
                    picture, row, [.. predictions.AsSpan(next, count).ToArray().Select(prediction => new Tensor(picture.Solver.X.Shape, prediction))],
                    condition.Guidance);
                next += count;
            }

            if (row.EndsStep) stepDone(row);
        }
    }

    private static void Step(PictureRun picture, SolverRow row, Tensor[] predictions, Guidance guidance)
    {
        Inpainting? inpainting = picture.Inpainting is { ExtraChannels: null } known ? known : null;
        bool needsNoise = row.Next.Noise != 0 || row.Save.Noise != 0;
        Tensor? noise = row.DrawsAfter ? Draw(picture, row, needsNoise) : null;
        picture.Solver.Step(predictions, guidance, noise, inpainting is { BlendsX0: true } ? inpainting.Known : null);
        // diffusers does so after every evaluation, those inside a step of second order included.
        if (inpainting is { BlendsX0: false }) picture.Solver.KeepKnown(inpainting.Known, inpainting.Noise);
        float sum = 0;
        foreach (float value in picture.Solver.X.Data) sum += value * 0;
        if (float.IsNaN(sum))
            throw new ArithmeticException(
                $"Step {row.Step + 1} made numbers that are not finite: the model's weights may hold NaN (`ndiff inspect` looks for them), or a weight in the "
                    + $"prompt is far too large.");
    }

    // Drawn even where its coefficient is zero: the stream of numbers moves on as the reference's does.
    private static Tensor? Draw(PictureRun picture, SolverRow row, bool isUsed)
    {
        var noise = new Tensor(picture.Solver.X.Shape);
        if (picture.Brownian is null) picture.Noise.Normal(noise.Data);
        else if (isUsed) picture.Brownian.Sample((float)row.NoiseFrom, (float)row.NoiseTo, noise.Data);
        return isUsed ? noise : null;
    }

    private static float[] Join(Tensor latents, ReadOnlyMemory<float> extra)
    {
        float[] joined = new float[latents.Data.Length + extra.Length];
        latents.Data.CopyTo(joined, 0);
        extra.Span.CopyTo(joined.AsSpan(latents.Data.Length));
        return joined;
    }
}
