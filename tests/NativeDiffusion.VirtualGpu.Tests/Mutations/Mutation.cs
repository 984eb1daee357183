namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>One fault in a PTX text: a line and its replacement.</summary>
/// <param name="Class">What kind of fault it is.</param>
/// <param name="Entry">The kernel.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Before">Its text.</param>
/// <param name="After">The text with the fault.</param>
internal sealed record Mutation(MutationClass Class, string Entry, int Line, string Before, string After)
{
    /// <summary>The text with the fault.</summary>
    public string Apply(string ptx)
    {
        string[] lines = ptx.Split('\n');
        Assert.Equal(Before, lines[Line - 1].Trim());
        lines[Line - 1] = After;
        return string.Join('\n', lines);
    }
}
