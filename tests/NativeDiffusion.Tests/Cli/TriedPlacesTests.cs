using NativeDiffusion.Cli.Doctor;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class TriedPlacesTests
{
    [Fact]
    public void Of_ManyFiles_NamesEachPlaceOnce()
    {
        using var folder = new TemporaryFolder();
        string absent = folder.File("absent"), damaged = $"{folder.File("b.so")} (is there, but does not load: cut short)";

        (string names, IReadOnlyList<string> places) = TriedPlaces.Of(
            [folder.File("a.so"), damaged, Path.Join(absent, "lib64", "a.so"), Path.Join(absent, "lib", "a.so"), folder.File("b.so"), "a.so"]);

        Assert.Equal("a.so, b.so", names);
        Assert.Equal([folder.Path, damaged, $"{absent} (does not exist)", "the system's own search"], places);
    }
}
