namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>A kernel, and functions that it may call; a function may call those in front of it.</summary>
internal sealed record RandomProgram(List<Statement> Main, params List<Statement>[] Functions)
{
    /// <summary>Functions where there are any: as many as the table for calls through pointers has entries.</summary>
    public const int FunctionCount = 4;
}
