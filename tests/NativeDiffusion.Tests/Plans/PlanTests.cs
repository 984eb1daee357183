using NativeDiffusion.Plans;
using NativeDiffusion.Plans.Operations;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Plans;

public sealed class PlanTests
{
    private static readonly WeightScope s_weights = new(new RecipeWeights("plans."));

    [Fact]
    public void Build_SmallUNet_JoinsEverythingThatCanBeJoined()
    {
        Plan plan = SmallUNet.Plan(1, 8, 8);
        Operation[] all = [.. plan.Prologue, .. plan.Operations];
        Assert.Empty(all.OfType<AddOperation>());
        Assert.Empty(all.OfType<ActivationOperation>());
        Assert.Empty(all.OfType<ConcatOperation>());
        Assert.Empty(all.OfType<UpsampleOperation>());
        // Two resnets a level on the way up and the shortcuts of all that change width.
        Assert.Contains(all.OfType<MatrixOperation>(), product => product.Segments.Count == 3);
        Assert.Contains(all.OfType<MatrixOperation>(), product => product.Segments[0].Weights.Count == 3);
        Assert.Contains(all.OfType<GroupNormOperation>(), norm => norm.X2 is not null);
    }

    [Fact]
    public void Build_KeysAndValuesOfThePrompt_AreInThePrologue()
    {
        Plan plan = SmallUNet.Plan(1, 8, 8);
        Assert.Equal(plan.Operations.OfType<AttentionOperation>().Count() / 2, plan.Prologue.OfType<MatrixOperation>().Count());
    }

    [Fact]
    public void Build_AnyTwoValuesAliveTogether_DoNotShareMemory()
    {
        Plan plan = SmallUNet.Plan(2, 9, 13);
        Operation[] all = [.. plan.Prologue, .. plan.Operations];
        var lives = new Dictionary<PlanTensor, (int First, int Last)>();
        for (int i = 0; i < all.Length; i++)
            foreach (PlanTensor tensor in all[i].Inputs.Append(all[i].Output))
                lives[tensor.Root] = lives.TryGetValue(tensor.Root, out (int First, int Last) life) ? (life.First, i) : (i, i);
        PlanTensor[] tensors = [.. lives.Keys];
        for (int a = 0; a < tensors.Length; a++)
        {
            for (int b = a + 1; b < tensors.Length; b++)
            {
                (int First, int Last) x = lives[tensors[a]], y = lives[tensors[b]];
                if (x.Last < y.First || y.Last < x.First) continue;
                long startA = plan.Offsets[tensors[a]], startB = plan.Offsets[tensors[b]];
                Assert.True(startA + tensors[a].Shape.Count <= startB || startB + tensors[b].Shape.Count <= startA);
            }
        }

        Assert.True(plan.ArenaLength < tensors.Sum(tensor => tensor.Shape.Count) / 3, "Values whose lives do not overlap share memory.");
    }

    [Fact]
    public void Add_ReadTwice_IsNotJoined()
    {
        var ops = new PlanBuilder();
        PlanTensor x = ops.Upload("x", new TensorShape(1, 3, 8));
        PlanTensor y = ops.Linear(x, s_weights.Get("w.weight", 8, 8), null);
        ops.Download("sum", ops.Add(y, x));
        ops.Download("y", y);
        Assert.Single(ops.Build().Operations.OfType<AddOperation>());
    }

    [Fact]
    public void Record_ShapesThatDoNotFit_AreRefusedWithTheName()
    {
        var ops = new PlanBuilder();
        PlanTensor x = ops.Upload("x", new TensorShape(1, 4, 8, 8));
        Parameter weight = s_weights.Get("conv.weight", 6, 5, 3, 3);
        Assert.Contains("conv.weight", Assert.Throws<ArgumentException>(() => ops.Conv2d(x, weight, null, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ops.GroupNorm(x, s_weights.Get("n.weight", 4), s_weights.Get("n.bias", 4), 3, 1e-5f));
        Assert.Throws<ArgumentException>(() => ops.Upload("x", new TensorShape(1)));
        Assert.Throws<ArgumentException>(() => PlanBuilder.Reshape(x, new TensorShape(1, 63, 4)));
    }
}
