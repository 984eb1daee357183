using System.Globalization;
using NativeDiffusion.Weights;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// The YAML that describes an LDM checkpoint (such as v1-inference.yaml), read as plain values by path: <c>model.params.linear_start</c>.
/// Events only: nothing is instantiated, and nesting and length are bounded.
/// </summary>
internal sealed class LdmYaml
{
    private const long MaximumLength = 1 << 20;
    private const int MaximumDepth = 32;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    private LdmYaml(string file) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Reads the YAML beside a checkpoint: same stem, <c>.yaml</c> or <c>.yml</c>.</summary>
    /// <param name="checkpoint">The checkpoint file.</param>
    /// <returns><returns>Null if there is none.</returns></returns>
    /// <exception cref="CheckpointException">It is not YAML.</exception>
    public static LdmYaml? Beside(string checkpoint)
    {
        string? path = ((string[])[".yaml", ".yml"]).Select(extension => Path.ChangeExtension(checkpoint, extension)).FirstOrDefault(System.IO.File.Exists);
        return path is null ? null : Read(path);
    }

    /// <summary>Reads a file.</summary>
    public static LdmYaml Read(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > MaximumLength)
            throw new CheckpointException($"{path}: a model's YAML of at most {MaximumLength} bytes is accepted, found {file.Length}.", path);
        using MappedView view = file.View(0, (int)file.Length);
        return Parse(System.Text.Encoding.UTF8.GetString(view.Span), path);
    }

    /// <summary>Parses text.</summary>
    public static LdmYaml Parse(string text, string file)
    {
        var yaml = new LdmYaml(file);
        try
        {
            using var reader = new StringReader(text);
            yaml.Walk(new Parser(reader));
        }
        catch (Exception exception) when (
            exception is YamlException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // For some damaged input, such as an unterminated list, the scanner throws other exceptions than its own.
            throw new CheckpointException($"{file}: is not valid YAML: {exception.Message}", file, null, exception);
        }

        return yaml;
    }

    /// <summary>A string, or null.</summary>
    public string? Text(string path) => _values.TryGetValue(path, out List<string>? values) && values.Count == 1 ? values[0] : null;

    /// <summary>An integer, or null if absent.</summary>
    public int? Whole(string path) => Wholes(path) is { } list ? list.Length == 1 ? list[0] : throw Bad(path, "a whole number", string.Join(", ", list)) : null;

    /// <summary>A list of integers (or a single one), or null if absent.</summary>
    public int[]? Wholes(string path)
    {
        if (!_values.TryGetValue(path, out List<string>? values)) return null;
        return [.. values.Select(
            value => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
            : throw Bad(path, "whole numbers", value))];
    }

    /// <summary>A finite number, or null if absent.</summary>
    public double? Number(string path)
    {
        if (Text(path) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) ? number : throw Bad(path, "a finite number", text);
    }

    /// <summary>True or false, or null if absent.</summary>
    public bool? Flag(string path) => Text(path) switch
    {
        null => null,
        "true" or "True" => true,
        "false" or "False" => false,
        string text => throw Bad(path, "true or false", text),
    };

    /// <summary>Requires that a size stated here matches the weights.</summary>
    /// <param name="path">The path of the size.</param>
    /// <param name="found">The weights' sizes.</param>
    public void Require(string path, params IReadOnlyList<int> found)
    {
        if (Wholes(path) is { } stated && !stated.SequenceEqual(found))
            throw new CheckpointException(
                $"{File}: {path} is {string.Join(", ", stated)}, but the weights beside it have {string.Join(", ", found)}; this YAML belongs to another "
                    + $"model.", File, path);
    }

    private CheckpointException Bad(string path, string expected, string found) => new($"{File}: {path} must be {expected}, found '{found}'.", File, path);

    private void Walk(Parser parser)
    {
        // Each open mapping or sequence: its path, whether it is a mapping, and the key whose value comes next.
        var open = new Stack<(string Path, bool Mapping, string? Key)>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case Scalar scalar: Value(open, scalar.Value); break;
                case MappingStart or SequenceStart:
                    if (open.Count == MaximumDepth) throw new CheckpointException($"{File}: is nested deeper than {MaximumDepth} levels.", File);
                    string path = open.Count == 0 ? "" : Enter(open);
                    open.Push((path, parser.Current is MappingStart, null));
                    break;
                case MappingEnd or SequenceEnd: open.Pop(); break;
                case AnchorAlias: throw new CheckpointException($"{File}: must not use aliases (*name).", File);
                default: break;
            }
        }
    }

    private void Value(Stack<(string Path, bool Mapping, string? Key)> open, string value)
    {
        if (open.Count == 0) return;
        (string path, bool mapping, string? key) = open.Peek();
        if (mapping && key is null)
        {
            open.Pop();
            open.Push((path, true, value));
            return;
        }

        string full = Enter(open);
        if (!_values.TryGetValue(full, out List<string>? values)) _values[full] = values = [];
        values.Add(value);
    }

    // The path of the value that begins here; the key is consumed.
    private static string Enter(Stack<(string Path, bool Mapping, string? Key)> open)
    {
        (string path, bool mapping, string? key) = open.Pop();
        open.Push((path, mapping, null));
        if (!mapping) return path;
        return path.Length == 0 ? key ?? "" : $"{path}.{key}";
    }
}
