using System.Collections.Immutable;
using NativeDiffusion.Devices;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;

namespace NativeDiffusion.Pipelines;

/// <summary>Text states of a generation's prompts; each text is encoded once.</summary>
internal sealed class PromptStates(LoadedModel model, GenerationOptions options, SolverTable table, CancellationToken cancellationToken)
{
    private readonly Dictionary<(string Text, bool IsNegative), PromptConditioning> _known = [];
    private readonly TextConditioner _conditioner = new(model.Tokenizer, model.TextEncoder, new TextConditionerOptions
    {
        Style = options.Profile switch
        {
            SolverProfile.A1111 => PromptStyle.A1111,
            SolverProfile.Comfy => PromptStyle.Comfy,
            _ => options.Emphasis is null ? PromptStyle.Plain : PromptStyle.A1111,
        },
        Emphasis = options.Emphasis ?? EmphasisMode.Original,
        SkippedLayers = options.ClipSkip - 1,
        Embeddings = model.Embeddings,
    });

    /// <summary>Whether the negative prompt is used.</summary>
    public bool IsGuided => options.Profile == SolverProfile.Diffusers ? options.GuidanceScale > 1 : options.GuidanceScale != 1;

    /// <summary>The textual inversions that were used.</summary>
    public IEnumerable<string> UsedEmbeddings => _known.Values.SelectMany(conditioning => conditioning.UsedEmbeddings).Distinct(StringComparer.Ordinal);

    /// <summary>The states of a prompt, and with guidance of a negative one.</summary>
    public (PromptConditioning Prompt, PromptConditioning? Negative) Of(string prompt, string negative) => (
        options.PromptEmbeddings is { } given ? Given(given, nameof(options.PromptEmbeddings)) : Encode(prompt, isNegative: false),
        !IsGuided ? null
            : options.NegativePromptEmbeddings is { } negativeGiven ? Given(negativeGiven, nameof(options.NegativePromptEmbeddings))
            : Encode(negative, isNegative: true));

    /// <summary>The conditions of a picture, by ranges of the table's rows.</summary>
    public ImmutableArray<ConditionRange> For(string prompt, string negative)
    {
        (PromptConditioning positive, PromptConditioning? other) = Of(prompt, negative);
        var made = new Dictionary<string, Guidance>();
        var ranges = ImmutableArray.CreateBuilder<ConditionRange>();
        for (int row = 0; row < table.Rows.Count; row++)
        {
            ConditionRange condition = At(row, positive, other, made);
            if (ranges.Count > 0 && ranges[^1].Guidance == condition.Guidance && ranges[^1].States.SequenceEqual(condition.States))
                ranges[^1] = condition;
            else ranges.Add(condition);
        }

        return ranges.ToImmutable();
    }

    private ConditionRange At(int evaluation, PromptConditioning positive, PromptConditioning? negative, Dictionary<string, Guidance> made)
    {
        IReadOnlyList<WeightedStates> parts = positive.At(evaluation);
        if (negative is null && parts.Count == 1) return new ConditionRange(evaluation + 1, [parts[0].States], Guidance.None);
        // AND without guidance is guidance of scale 1.
        Tensor first = (negative ?? positive).At(evaluation)[0].States;
        double[] weights = [.. parts.Select(part => part.Weight)];
        string key = string.Join('|', weights);
        if (!made.TryGetValue(key, out Guidance? guidance))
            made[key] = guidance = Guidance.Composed(options.GuidanceScale, weights, options.GuidanceRescale);
        return new ConditionRange(evaluation + 1, [first, .. parts.Select(part => part.States)], guidance);
    }

    private PromptConditioning Encode(string text, bool isNegative)
    {
        if (_known.TryGetValue((text, isNegative), out PromptConditioning? known)) return known;
        // A1111 counts evaluations, two per step for second-order samplers.
        int evaluations = table.Rows.Count > table.Steps ? 2 * options.Steps : options.Steps;
        string plain = options.Profile == SolverProfile.A1111 ? PromptParser.CutExtraNetworks(text).Prompt : text;
        return _known[(text, isNegative)] = isNegative
            ? _conditioner.EncodeNegative(plain, evaluations, cancellationToken: cancellationToken)
            : _conditioner.Encode(plain, evaluations, cancellationToken: cancellationToken);
    }

    private PromptConditioning Given(Tensor states, string property)
    {
        int width = model.UNet.Config.CrossAttentionDim;
        if (states.Shape.Rank != 3 || states.Shape[0] != 1 || states.Shape[2] != width)
            throw new ArgumentException($"{property} must have shape [1, tokens, {width}], not {states.Shape}.", property);
        // A copy: equal objects stand for equal numbers, and the caller may write into the tensor.
        return PromptConditioning.FromStates(new Tensor(states.Shape, [.. states.Data]));
    }
}
