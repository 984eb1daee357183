namespace NativeDiffusion.Plans;

/// <summary>Sinusoids of the timestep (Ho et al. 2020, arXiv:2006.11239; diffusers' get_timestep_embedding).</summary>
/// <param name="Timestep">[N, 1], float32.</param>
/// <param name="Output">[N, C].</param>
/// <param name="FlipSinToCos">Cosines first.</param>
/// <param name="FrequencyShift">Subtracted from half the channels in the exponent's divisor.</param>
internal sealed record TimestepEmbeddingOperation(PlanTensor Timestep, PlanTensor Output, bool FlipSinToCos, double FrequencyShift)
    : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [Timestep];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { Timestep = map(Timestep) };
}
