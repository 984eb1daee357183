using System.Reflection;

namespace NativeDiffusion.Cuda.Tests.Interop;

/// <summary>Reads the IL of members that only call another.</summary>
internal static class ForwardingCode
{
    private const byte Call = 0x28;
    private const byte LoadArgument = 0x0E;

    /// <summary>Methods of a type that the code calls, and whether each receives the caller's parameters of the same names.</summary>
    public static IEnumerable<(MethodInfo Called, bool InOrder)> Calls(MethodInfo method, Type type)
    {
        // An `in` parameter of an interface makes the compiler put a stub of its own before the method.
        if (method.Name.Contains('.', StringComparison.Ordinal))
            method = method.DeclaringType!.GetMethod(method.Name.Split('.')[^1])!;
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] == Call && Resolve(method, BitConverter.ToInt32(code, i + 1)) is MethodInfo called && called.DeclaringType == type)
            {
                byte[] loads = Loads(method, called);
                yield return (called, i >= loads.Length && code.AsSpan(i - loads.Length, loads.Length).SequenceEqual(loads));
            }
        }
    }

    private static byte[] Loads(MethodInfo method, MethodInfo called)
    {
        string?[] own = [.. method.GetParameters().Select(parameter => parameter.Name)];
        List<byte> code = [];
        foreach (ParameterInfo parameter in called.GetParameters())
        {
            int index = Array.IndexOf(own, parameter.Name) + 1;
            // ldarg.1 to ldarg.3 have opcodes of their own.
            code.AddRange(index is >= 1 and <= 3 ? [(byte)(0x02 + index)] : [LoadArgument, (byte)index]);
        }

        return [.. code];
    }

    private static MethodBase? Resolve(MethodInfo method, int token)
    {
        // Other bytes may look like a call.
        try
        {
            return method.Module.ResolveMethod(token);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
