namespace NativeDiffusion.Text;

/// <summary>An extra network of a prompt: <c>&lt;kind:argument:name=value&gt;</c>.</summary>
public sealed class ExtraNetwork
{
    /// <summary>Creates the reference.</summary>
    /// <param name="kind">The word before the first colon: <c>lora</c>.</param>
    /// <param name="arguments">The parts between the colons, in order.</param>
    public ExtraNetwork(string kind, IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(arguments);
        Kind = kind;
        Arguments = [.. arguments];
        var positional = new List<string>();
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string argument in arguments)
        {
            string[] halves = argument.Split('=', 3);
            if (halves.Length == 2)
                named[halves[0]] = halves[1];
            else
                positional.Add(argument);
        }
        Positional = positional;
        Named = named;
    }

    /// <summary>The kind: <c>lora</c>, <c>hypernet</c>, or what an extension defines.</summary>
    public string Kind { get; }

    /// <summary>All arguments as written.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>The arguments without a name, in order; the first is the network's name.</summary>
    public IReadOnlyList<string> Positional { get; }

    /// <summary>The arguments <c>name=value</c>; the last of equal names counts.</summary>
    public IReadOnlyDictionary<string, string> Named { get; }
}
