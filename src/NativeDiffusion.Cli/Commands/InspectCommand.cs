using System.CommandLine;
using System.Globalization;
using NativeDiffusion.Checkpoints;
using NativeDiffusion.Cli.Inspect;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Devices;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff inspect FILE|DIR</c>: describes a weight file or folder, with unknown and missing tensors.</summary>
internal sealed class InspectCommand : NdiffCommand
{
    private readonly Argument<string> _path = new("path") { Description = "Checkpoint, LoRA, VAE or embedding: a file, a folder, or a model's name" };
    private readonly Option<string?> _vae = new("--vae") { Description = "VAE to use instead of the checkpoint's own", HelpName = "file|dir" };
    private readonly Option<bool> _keys = new("--keys") { Description = "List every tensor with its type and shape" };
    private readonly Option<bool> _scan = new("--scan") { Description = "Read all weights and find NaN and infinity" };
    private readonly Option<bool> _memory = new("--memory") { Description = "Estimate the memory of a generation, from the model's plans" };
    private readonly Option<string?> _size = new("--size") { Description = "Picture size for --memory (default: the model's own)", HelpName = "WxH" };
    private readonly Option<int> _batch = new("--batch") { Description = "Pictures per generation for --memory", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _noHash = new("--no-hash") { Description = "Skip the hashes, which need the whole file" };

    /// <summary>Declares the command.</summary>
    public InspectCommand()
        : base(
            "inspect",
            "Show what a model file or folder is: architecture, types, parameters, hashes, unknown and missing tensors",
            "ndiff inspect tiny-landscapes",
            "ndiff inspect model.ckpt --scan",
            "ndiff inspect model.safetensors --memory --size 1024x1024",
            "ndiff inspect style.safetensors --json")
    {
        Arguments.Add(_path);
        foreach (Option option in (Option[])[_vae, _keys, _scan, _memory, _size, _batch, _noHash])
            Options.Add(option);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = ModelLocator.ForProcess().Find(arguments.GetRequiredValue(_path));
        (IReadOnlyList<Fact> facts, bool sound) = await terminal.ProgressAsync(
            view => Task.Run(() => Inspect(path, arguments, view, cancellation), cancellation),
            plainProgress: false);
        FactWriter.Write(terminal, facts);
        terminal.WriteJson(json => FactWriter.Write(json, facts));
        return sound ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private (IReadOnlyList<Fact> Facts, bool Sound) Inspect(string path, ParseResult arguments, IProgressView view, CancellationToken cancellation)
    {
        bool hash = !arguments.GetValue(_noHash);
        if (ModelFiles.IsCheckpoint(path)) return InspectCheckpoint(path, hash, arguments, view, cancellation);
        if (Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            return ([new("path", path), new("kind", "a picture with an embedding"), .. FileFacts.Embedding(
                TextualInversionFile.Open(path)), .. Hashes(path, ModelFileKind.TextualInversion, hash, view, cancellation)], true);
        string weights = ModelFiles.FindWeights(path);
        using IWeightFile file = WeightFile.Open(weights);
        List<Fact> facts = [.. FileFacts.Of(file), .. Hashes(weights, ModelFiles.Recognise(file), hash, view, cancellation)];
        bool sound = Scan([file], facts, arguments, view, cancellation);
        if (arguments.GetValue(_keys)) facts.Add(WeightFacts.Keys(file));
        return (facts, sound);
    }

    private (IReadOnlyList<Fact> Facts, bool Sound) InspectCheckpoint(
        string path, bool hash, ParseResult arguments, IProgressView view, CancellationToken cancellation)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path, arguments.GetValue(_vae));
        CheckpointComponent[] components = [checkpoint.UNet, checkpoint.Vae, checkpoint.TextEncoder];
        List<Fact> facts = [.. CheckpointFacts.Of(checkpoint), .. Hashes(checkpoint.WeightsPath, ModelFileKind.Checkpoint, hash, view, cancellation)];
        if (arguments.GetValue(_memory)) facts.Add(Memory(path, arguments));
        bool sound = Scan([.. components.Select(component => component.Weights)], facts, arguments, view, cancellation);
        if (arguments.GetValue(_keys))
            facts.Add(new("keys", components.Select(component => WeightFacts.Keys(component.Weights) with { Name = component.Name }).ToArray()));
        return (facts, sound && components.All(component => component.MissingKeys.Count == 0));
    }

    private Fact Memory(string path, ParseResult arguments)
    {
        int? width = null;
        int? height = null;
        if (arguments.GetValue(_size) is { } size)
        {
            string[] sides = size.Split('x', 'X');
            if (sides.Length != 2 || !int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int across)
                || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int down))
                throw new CliException($"--size is '{size}', but must be WIDTHxHEIGHT in pixels, such as 512x768.", ExitCodes.Usage);
            (width, height) = (across, down);
        }

        int batch = arguments.GetValue(_batch);
        if (batch is < 1 or > 1024) throw new CliException($"--batch is {batch}, but must be from 1 to 1024.", ExitCodes.Usage);
        var options = new GenerationOptions { Prompt = "", Width = width, Height = height, Seeds = new ulong[batch] };
        MemoryNeed need = StableDiffusionPipeline.EstimateMemory(path, options, new PipelineOptions { Vae = arguments.GetValue(_vae) });
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        Fact[] facts =
        [
            new("weights_bytes", need.Weights),
            new("values_bytes", need.Values),
            new("total_bytes", need.Total),
            new("free_bytes", device.Memory.Free),
        ];
        return new("memory", facts);
    }

    private static Fact[] Hashes(string path, ModelFileKind kind, bool hash, IProgressView view, CancellationToken cancellation)
    {
        if (!hash) return [];
        view.Stage("hashing", 100);
        string whole = FileHashes.Sha256(path, new Share(view), cancellation);
        Fact own = kind switch
        {
            ModelFileKind.Lora => new("lora_hash", FileHashes.LoraHash(path, null, cancellation)),
            ModelFileKind.TextualInversion => new("embedding_hash", whole[..12]),
            _ => new("model_hash", whole[..10]),
        };
        return [new("hashes", new Fact[] { new("sha256", whole), own, new("old_model_hash", FileHashes.OldModelHash(path)) })];
    }

    private bool Scan(IReadOnlyList<IWeightSource> sources, List<Fact> facts, ParseResult arguments, IProgressView view, CancellationToken cancellation)
    {
        if (!arguments.GetValue(_scan)) return true;
        view.Stage("reading all weights", 100);
        List<NonFiniteTensor> found = [.. sources.SelectMany(source => NonFiniteScan.Find(source, new Share(view), cancellation))];
        facts.Add(
            new("not_numbers", found
                .Select(tensor => new Fact(tensor.Name, $"{tensor.NaNs} NaN, {tensor.Infinities} infinite, first at {tensor.First}")).ToArray()));
        return found.Count == 0;
    }

    private sealed class Share(IProgressView view) : IProgress<double>
    {
        private readonly Lock _gate = new();

        public void Report(double value)
        {
            lock (_gate) view.Step((int)(value * 100));
        }
    }
}
