using NativeDiffusion.Devices;
using Xunit;

namespace NativeDiffusion.Tests.Devices;

public sealed class DeviceArenaTests
{
    private readonly List<Memory> _taken = [];

    [Fact]
    public void Require_OneArenaForAll_AsLargeAsTheLargest()
    {
        using DeviceArena<Memory> arena = Arena();
        Tenant small = new(100), large = new(300);
        arena.Join(small);
        Assert.Equal(0, arena.Bytes);
        Memory first = arena.Require();
        Assert.Same(first, arena.Require());
        arena.Join(large);
        Memory second = arena.Require();
        Assert.NotSame(first, second);
        Assert.Equal((300, true, 1), (arena.Bytes, first.IsReleased, small.Moves));
    }

    [Fact]
    public void Leave_TheLargest_ReleasesAndTellsThoseWhoStay()
    {
        using DeviceArena<Memory> arena = Arena();
        Tenant small = new(100), large = new(300);
        arena.Join(small);
        arena.Join(large);
        Memory first = arena.Require();
        arena.Leave(large);
        Assert.Equal((0, true, 1, 0), (arena.Bytes, first.IsReleased, small.Moves, large.Moves));
        arena.Require();
        Assert.Equal(100, arena.Bytes);
        arena.Leave(small);
        arena.Leave(small);
        Assert.All(_taken, memory => Assert.True(memory.IsReleased));
    }

    [Fact]
    public void Leave_ASmallerOne_KeepsThePlace()
    {
        using DeviceArena<Memory> arena = Arena();
        Tenant small = new(100), large = new(300);
        arena.Join(small);
        arena.Join(large);
        Memory first = arena.Require();
        arena.Leave(small);
        Assert.Same(first, arena.Require());
        Assert.Equal(0, large.Moves);
    }

    private DeviceArena<Memory> Arena() => new(bytes =>
    {
        var memory = new Memory(bytes);
        _taken.Add(memory);
        return memory;
    });

    private sealed class Tenant(long bytes) : IArenaTenant
    {
        public long ArenaBytes => bytes;

        public int Moves { get; private set; }

        public void ArenaMoved() => Moves++;
    }

    private sealed class Memory(long bytes) : IDisposable
    {
        public long Bytes => bytes;

        public bool IsReleased { get; private set; }

        public void Dispose() => IsReleased = true;
    }
}
