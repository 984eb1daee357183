using System.Globalization;

namespace NativeDiffusion.Text;

/// <summary>A LoRA reference in a prompt: <c>&lt;lora:name:0.8&gt;</c>, <c>&lt;lora:name:te:unet:dyn&gt;</c> or
/// <c>&lt;lora:name:unet=0.5:te=1:dyn=8&gt;</c>.</summary>
/// <param name="Name">The file's stem or its alias.</param>
/// <param name="TextEncoderWeight">The weight on the text encoder; 1 by default.</param>
/// <param name="UnetWeight">The weight on the UNet; the text encoder's by default.</param>
/// <param name="DynamicRank">The rank to truncate the adapter to, or null for all of it.</param>
public sealed record LoraReference(string Name, double TextEncoderWeight, double UnetWeight, int? DynamicRank)
{
    /// <summary>Reads the arguments of a network of the kind <c>lora</c>.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">It is of another kind, has no name, or a number is invalid.</exception>
    public static LoraReference From(ExtraNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Kind != "lora" && network.Kind != "lyco")
            throw new ArgumentException($"<{network.Kind}:…> is not a LoRA; write <lora:name:weight>.", nameof(network));
        if (network.Positional.Count == 0 || network.Positional[0].Length == 0)
            throw new ArgumentException($"<{network.Kind}:{string.Join(':', network.Arguments)}> has no file name; write <lora:name:weight>.", nameof(network));
        double textEncoder = Number(network, "te", 1) ?? 1;
        double unet = Number(network, "unet", 2) ?? textEncoder;
        double? rank = Number(network, "dyn", 3);
        if (rank is { } value && (value < 1 || value > int.MaxValue || value != Math.Floor(value)))
            throw new ArgumentException(
                $"The rank of <lora:{network.Positional[0]}> must be a whole number of at least 1, found {value.ToString(CultureInfo.InvariantCulture)}.",
                nameof(network));
        return new LoraReference(network.Positional[0], textEncoder, unet, (int?)rank);
    }

    private static double? Number(ExtraNetwork network, string name, int position)
    {
        if (!network.Named.TryGetValue(name, out string? text))
        {
            if (position >= network.Positional.Count) return null;
            text = network.Positional[position];
        }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)) return value;
        throw new ArgumentException($"\"{text}\" in <lora:{string.Join(':', network.Arguments)}> is not a number; write a weight like 0.8.", nameof(network));
    }
}
