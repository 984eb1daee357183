global using NativeDiffusion.Testing;
global using NativeDiffusion.Testing.Cuda;
global using Xunit;
