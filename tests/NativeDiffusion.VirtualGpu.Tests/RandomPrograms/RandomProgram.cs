namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>A kernel, and functions that it may call; a function may call preceding ones.</summary>
internal sealed record RandomProgram(List<Statement> Main, params List<Statement>[] Functions)
{
    /// <summary>Number of functions, if any: the entries of the table for calls through pointers.</summary>
    public const int FunctionCount = 4;
}
