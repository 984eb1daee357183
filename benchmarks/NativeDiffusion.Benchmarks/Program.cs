using NativeDiffusion.Benchmarks;

if (args is ["write-sd15", string folder])
{
    Sd15Checkpoint.Write(folder);
    return;
}

Console.WriteLine("bench");
