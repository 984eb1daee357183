namespace NativeDiffusion.Cli.Doctor;

/// <summary>
/// The searched files, summarised: the names once, each folder once, missing folders by their first missing
/// part.
/// </summary>
internal static class TriedPlaces
{
    /// <summary>Summarises files.</summary>
    /// <param name="files">Paths, bare names for the system's own search, and paths with a reason in brackets for files that did not load.</param>
    /// <returns>The files' names, and the places in the order of search.</returns>
    public static (string Names, IReadOnlyList<string> Places) Of(IEnumerable<string> files)
    {
        var names = new List<string>();
        var places = new List<string>();
        foreach (string file in files)
        {
            bool hasReason = file.EndsWith(')');
            if (!hasReason)
                AddNew(names, Path.GetFileName(file));
            AddNew(places, hasReason ? file : Place(Path.GetDirectoryName(file)));
        }

        return (string.Join(", ", names), places);
    }

    private static void AddNew(List<string> list, string text)
    {
        if (!list.Contains(text))
            list.Add(text);
    }

    private static string Place(string? folder)
    {
        if (string.IsNullOrEmpty(folder))
            return "the system's own search";
        if (Directory.Exists(folder))
            return folder;
        string missing = folder;
        while (Path.GetDirectoryName(missing) is { Length: > 0 } above && !Directory.Exists(above))
            missing = above;
        return $"{missing} (does not exist)";
    }
}
