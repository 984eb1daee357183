using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Plans;

/// <summary>Placement against an oracle that checks every pair of live values.</summary>
public sealed class PlacementTests
{
    public static TheoryData<string> Graphs() => [.. GoldenGraphs.Names];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Place_EveryModelOfTheGoldens_OnAMadeUpDevice(string name)
    {
        var device = new MadeUpDevice();
        Plan plan = device.Compile(GoldenGraphs.Of(name));
        AssertNothingOverlaps(plan, device);
        Operation[] all = [.. plan.Operations.Select(placed => placed.Operation)];
        Assert.All(all.OfType<GemmOperation>(), product =>
        {
            Assert.True(product.Segments.Length <= 2);
            Assert.NotEqual(Activation.GeGlu, product.Activation);
        });
        Assert.All(plan.Places.Where(place => place.Key.Role == ValueRole.Activation), place => Assert.Equal(DType.Float16, place.Value.Type));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Place_EveryModelOfTheGoldens_OnTheCpu(string name)
    {
        using var device = new CpuDevice(1);
        Plan plan = Plan.Place(Lowering.Lower(GoldenGraphs.Of(name), CpuDevice.Capabilities), device);
        AssertNothingOverlaps(plan, device);
        long all = plan.Places.Where(place => place.Value.Region == MemoryRegion.Arena).Sum(place => place.Key.Shape.Count * sizeof(float));
        Assert.True(plan.ArenaBytes < all, "Values with disjoint lifetimes must share memory.");
    }

    [Fact]
    public void Place_KeysAndValuesOfThePrompt_AreKeptFromThePrologue()
    {
        Plan plan = new MadeUpDevice().Compile(SmallUNet.Graph(1, 8, 8).Graph);
        Assert.Equal(plan.Main.Count(placed => placed.Operation is AttentionOperation) / 2, plan.Prologue.Count(placed => placed.Operation is GemmOperation));
        Assert.All(plan.Prologue, placed => Assert.Equal(MemoryRegion.Kept, plan.PlaceOf(placed.Operation.Output).Region));
    }

    [Fact]
    public void Place_InputsAndOutputs_AreKeptWithoutAHole()
    {
        var device = new MadeUpDevice();
        Plan plan = device.Compile(SmallUNet.Graph(2, 9, 13).Graph);
        long[] kept = [.. plan.Places.Values.Where(place => place.Region == MemoryRegion.Kept).Select(place => place.Offset).Order()];
        Assert.Equal(0, kept[0]);
        Assert.All(plan.Graph.Inputs, input => Assert.Equal(MemoryRegion.Kept, plan.PlaceOf(input.Value).Region));
        Assert.All(plan.Graph.GraphOutputs, output => Assert.Equal(MemoryRegion.Kept, plan.PlaceOf(output.Value).Region));
        long sum = plan.Places.Where(place => place.Value.Region == MemoryRegion.Kept).Sum(place => Aligned(place.Key, place.Value, device));
        Assert.Equal(sum, plan.KeptBytes);
    }

    private static long Aligned(PlanTensor value, ValuePlace place, IPlacementRules rules) =>
        (value.Shape.Count * place.Type.Size() + rules.Alignment - 1) / rules.Alignment * rules.Alignment;

    // An operation's output must not overlap values that are read by it or later, or kept.
    private static void AssertNothingOverlaps(Plan plan, IPlacementRules rules)
    {
        PlacedOperation[] all = [.. plan.Operations];
        var blocks = new List<(long Start, long End, int First, int Last, string Name)>();
        foreach ((PlanTensor value, ValuePlace place) in plan.Places)
        {
            int[] touched = [.. Enumerable.Range(0, all.Length)
                .Where(i => all[i].Operation.Inputs.Concat(all[i].Operation.Outputs).Any(other => other.Root == value))];
            long bytes = value.Shape.Count * place.Type.Size();
            Assert.Equal(0, place.Offset % rules.Alignment);
            Assert.True(place.Offset + bytes <= (place.Region == MemoryRegion.Arena ? plan.ArenaBytes : plan.KeptBytes));
            if (place.Region == MemoryRegion.Arena)
            {
                // Values in the arena must not be read by the main part when the prologue was skipped.
                Assert.True(touched[^1] < plan.Prologue.Length || touched[0] >= plan.Prologue.Length, "A prologue's result must be kept.");
                blocks.Add((place.Offset, place.Offset + bytes, touched[0], touched[^1], value.Shape.ToString()));
            }
        }

        for (int i = 0; i < all.Length; i++)
        {
            long bytes = rules.WorkspaceBytes(all[i].Operation);
            Assert.Equal(bytes > 0, all[i].Workspace is not null);
            if (all[i].Workspace is not { } start) continue;
            Assert.Equal(0, start % rules.Alignment);
            blocks.Add((start, start + bytes, i, i, $"workspace of {all[i].Operation.Name}"));
        }

        for (int a = 0; a < blocks.Count; a++)
        {
            for (int b = a + 1; b < blocks.Count; b++)
            {
                if (blocks[a].Last < blocks[b].First || blocks[b].Last < blocks[a].First) continue;
                bool areApart = blocks[a].End <= blocks[b].Start || blocks[b].End <= blocks[a].Start;
                if (!areApart) Assert.Fail($"{blocks[a].Name} and {blocks[b].Name} are alive together and overlap.");
            }
        }

        ValuePlace[] kept = [.. plan.Places.Where(place => place.Value.Region == MemoryRegion.Kept).Select(place => place.Value)];
        Assert.Equal(kept.Length, kept.Select(place => place.Offset).Distinct().Count());
    }
}
