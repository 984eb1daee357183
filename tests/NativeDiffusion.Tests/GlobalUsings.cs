global using NativeDiffusion.Testing;
global using NativeDiffusion.Testing.Reference;
