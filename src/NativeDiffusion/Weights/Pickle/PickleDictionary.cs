namespace NativeDiffusion.Weights.Pickle;

/// <summary>A dict or OrderedDict of a pickle: entries in order, those with string keys also by key.</summary>
internal sealed class PickleDictionary
{
    private readonly List<KeyValuePair<object?, object?>> _entries = [];
    private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);

    /// <summary>Keys and values in the order in which they were first set.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    /// <summary>Sets an entry; a later one of the same name wins.</summary>
    public void Set(object? key, object? value)
    {
        var entry = new KeyValuePair<object?, object?>(key, value);
        if (key is string text && !_byText.TryAdd(text, _entries.Count)) _entries[_byText[text]] = entry;
        else _entries.Add(entry);
    }

    /// <summary>The value of a string key, or null.</summary>
    public object? this[string key] => _byText.TryGetValue(key, out int index) ? _entries[index].Value : null;
}
