using Microsoft.CodeAnalysis;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>The table of permitted dependencies in docs/architecture.md, where its terms are defined.</summary>
internal sealed class RoomTable
{
    /// <summary>The namespace of the exceptions, which all code may use; it has no row.</summary>
    public const string Exceptions = "Exceptions";

    /// <summary>The namespace in front of all others, where the pipeline is.</summary>
    public const string TheRoot = "the root";

    private const string Heading = "## Who may use whom";
    private const string Nothing = "nothing";

    private readonly Dictionary<string, (string Assembly, string[] Uses)> _rows = [];

    private RoomTable(IEnumerable<string[]> rows)
    {
        foreach (string[] row in rows)
            _rows.Add(row[1], (row[0], row[2] == Nothing ? [] : row[2].Split(", ")));
    }

    /// <summary>Rooms and their assemblies, in the table's order.</summary>
    public IEnumerable<(string Assembly, string Room)> Rooms => _rows.Select(row => (row.Value.Assembly, row.Key));

    /// <summary>Every name of a row's last column.</summary>
    public IEnumerable<string> Names => _rows.Values.SelectMany(row => row.Uses).Distinct();

    public static RoomTable Read()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("docs", "architecture.md"));
        return new RoomTable(lines.SkipWhile(line => line != Heading).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)));
    }

    /// <summary>True where the table allows it.</summary>
    public bool Allows(string room, string use) => room == use || use == Exceptions
        || (_rows.TryGetValue(room, out (string Assembly, string[] Uses) row)
            && row.Uses.Any(name => name == use || (_rows.TryGetValue(use, out (string Assembly, string[]) used) && name == used.Assembly)));

    /// <summary>The permitted dependencies of a namespace, as in the table.</summary>
    public string Uses(string room) => _rows.TryGetValue(room, out (string, string[] Uses) row) && row.Uses.Length > 0 ? string.Join(", ", row.Uses) : Nothing;

    /// <summary>The room of a type: that of its namespace, or of the nearest one above it that has a row; its own where none has.</summary>
    public string RoomOf(INamedTypeSymbol type)
    {
        string name = type.ContainingNamespace.ToDisplayString();
        return name == LibrarySource.Root && type.Name.EndsWith("Exception", StringComparison.Ordinal) ? Exceptions : RoomOf(name);
    }

    /// <summary>The room of a namespace.</summary>
    public string RoomOf(string name)
    {
        if (name == LibrarySource.Root)
            return TheRoot;
        string room = name[(LibrarySource.Root.Length + 1)..];
        // An assembly's root does not include namespaces below it: new ones need a row.
        for (string above = room; ; above = above[..above.LastIndexOf('.')])
        {
            if (_rows.ContainsKey(above) && (above == room || above.Contains('.', StringComparison.Ordinal) || !IsRoot(above)))
                return above;
            if (!above.Contains('.', StringComparison.Ordinal))
                return room;
        }
    }

    private static bool IsRoot(string room) => LibrarySource.Assemblies.Contains($"{LibrarySource.Root}.{room}");
}
