global using NativeDiffusion.Testing;
global using NativeDiffusion.Verification;
