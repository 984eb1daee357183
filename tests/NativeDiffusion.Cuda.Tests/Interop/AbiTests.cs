using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Tests.Interop;

/// <summary>
/// Every native declaration against NVIDIA's headers: symbol, and of each parameter position, name, width and direction; structures and constants.
/// </summary>
public sealed class AbiTests
{
    private const BindingFlags Declared = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Ours for absent flags and for values that the header's data does not list.
    private static readonly string[] s_unlisted =
    [
        "CU_MEMHOSTALLOC_NONE", "CU_GRAPH_DEBUG_DOT_FLAGS_NONE", "CUDA_GRAPH_INSTANTIATE_FLAG_NONE", "CU_MEMORYTYPE_HOST", "CU_MEMORYTYPE_DEVICE",
        "CU_TENSOR_MAP_SWIZZLE_NONE", "CU_TENSOR_MAP_L2_PROMOTION_NONE", "CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE",
    ];

    // Parts of structures, without an entry of their own: size, fields in order with their offsets.
    private static readonly Dictionary<string, (int Size, Dictionary<string, int> Offsets)> s_unlistedStructures = new()
    {
        ["CUclusterDim"] = (12, new() { ["x"] = 0, ["y"] = 4, ["z"] = 8 }),
        ["CUgraphEdgeData"] = (8, new() { ["from_port"] = 0, ["to_port"] = 1, ["type"] = 2, ["reserved"] = 3 }),
    };

    public static TheoryData<string> Libraries() => ["NvCuda", "CuBlas", "NvRtc"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Declarations_OfEveryLibrary_AreTheHeaders(string library)
    {
        (Type type, AbiHeader header) = Library(library);
        Dictionary<string, AbiParameter[]> symbols = header.Functions.Values
            .DistinctBy(function => function.Symbol).ToDictionary(function => function.Symbol, function => function.Parameters);
        foreach ((string symbol, AbiParameter[] parameters) in header.Older)
            symbols.TryAdd(symbol, parameters);
        // Same parameters under the older symbol.
        if (header == AbiHeader.Driver)
            symbols.Add("cuEventElapsedTime", symbols["cuEventElapsedTime_v2"]);

        MethodInfo[] declarations = [.. Declarations(type)];
        Assert.NotEmpty(declarations);
        List<string> wrong = [];
        foreach (MethodInfo method in declarations)
        {
            if (symbols.TryGetValue(method.Name, out AbiParameter[]? parameters))
                wrong.AddRange(Differences(method, parameters));
            else
                wrong.Add($"{method.Name} is no symbol of the library.");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void EntryPoints_AreTheDeclaredNames(string library)
    {
        (Type type, _) = Library(library);
        MethodInfo[] stubs = [.. type.GetMethods(Declared).Concat(type.GetNestedTypes(BindingFlags.NonPublic).SelectMany(nested => nested.GetMethods(Declared)))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))];

        Assert.Equal(
            Declarations(type).Select(method => method.Name).Order(StringComparer.Ordinal),
            stubs.Select(method => method.GetCustomAttribute<DllImportAttribute>()!.EntryPoint!).Order(StringComparer.Ordinal));
        Assert.All(stubs, method => Assert.True(method.GetCustomAttribute<DllImportAttribute>()!.ExactSpelling));
    }

    [Theory]
    [InlineData(typeof(ICudaDriver), "NvCuda")]
    [InlineData(typeof(ICublas), "CuBlas")]
    [InlineData(typeof(INvrtc), "NvRtc")]
    public void Seam_RepeatsTheHeader(Type seam, string library)
    {
        AbiHeader header = Library(library).Header;
        List<string> wrong = [];
        foreach (MethodInfo method in seam.GetMethods())
        {
            if (header.Functions.TryGetValue(method.Name, out (string Symbol, AbiParameter[] Parameters) function))
                wrong.AddRange(Differences(method, function.Parameters));
            else
                wrong.Add($"{method.Name} is no function of the header.");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Each member of a native class passes its parameters in order to the declaration of its own symbol; read from its IL.</summary>
    [Theory]
    [InlineData(typeof(NativeCudaDriver), typeof(ICudaDriver), "NvCuda")]
    [InlineData(typeof(NativeCublas), typeof(ICublas), "CuBlas")]
    [InlineData(typeof(NativeNvrtc), typeof(INvrtc), "NvRtc")]
    public void NativeMembers_ForwardInOrder(Type native, Type seam, string library)
    {
        (Type imports, AbiHeader header) = Library(library);
        InterfaceMapping map = native.GetInterfaceMap(seam);
        List<string> wrong = [];
        for (int i = 0; i < map.TargetMethods.Length; i++)
        {
            MethodInfo method = map.TargetMethods[i];
            string name = map.InterfaceMethods[i].Name;
            string symbol = header.Functions[name].Symbol;
            (MethodInfo Called, bool InOrder)[] calls = [.. ForwardingCode.Calls(method, imports)];
            if (!calls.Any(call => call.Called.Name == symbol))
                wrong.Add($"{name} does not call {symbol}.");
            // The older form is called by the header's bare name.
            wrong.AddRange(calls.Where(call => call.Called.Name != symbol && call.Called.Name != name).Select(call => $"{name} calls {call.Called.Name}."));
            wrong.AddRange(calls.Where(call => !call.InOrder).Select(call => $"{name} does not pass its parameters to {call.Called.Name} in order."));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Structures_HaveTheHeadersLayout()
    {
        Type[] structures =
            [.. typeof(CUresult).Assembly.GetTypes().Where(
            type => type.Namespace == typeof(CUresult).Namespace && type is { IsValueType: true, IsEnum: false, IsNested: false })];
        List<string> wrong = [];
        int compared = 0;
        foreach (Type structure in structures)
        {
            int size = SizeOf(structure);
            if (AbiHeader.Driver.Structures.TryGetValue(structure.Name, out (int Size, Dictionary<string, int> Offsets) expected)
                || s_unlistedStructures.TryGetValue(structure.Name, out expected))
            {
                compared++;
                if (size != expected.Size)
                    wrong.Add($"{structure.Name} has {size} bytes, expected {expected.Size}.");
                Dictionary<string, int> actual = structure.GetFields(BindingFlags.Public | BindingFlags.Instance)
                    .ToDictionary(field => field.Name, field => (int)Marshal.OffsetOf(structure, field.Name));
                foreach ((string field, int offset) in expected.Offsets)
                {
                    if (!actual.TryGetValue(field, out int at) || at != offset)
                        wrong.Add($"{structure.Name}.{field} is at {(actual.ContainsKey(field) ? at : "no place")}, expected {offset}.");
                }

                wrong.AddRange(actual.Keys.Except(expected.Offsets.Keys).Select(field => $"{structure.Name}.{field} is no field of the header."));
            }
            else if (AbiParameter.Parse($"{structure.Name} x").Width is int width)
            {
                if (size != width)
                    wrong.Add($"The handle {structure.Name} has {size} bytes, expected {width}.");
            }
            else
            {
                wrong.Add($"{structure.Name} is no structure of the header.");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(compared >= 8, "The structures were not found.");
    }

    [Fact]
    public void Constants_HaveTheHeadersValues()
    {
        Dictionary<string, long> values = AbiHeader.Driver.Values.Concat(AbiHeader.Cublas.Values).Concat(AbiHeader.Nvrtc.Values).ToDictionary();
        List<string> wrong = [];
        int compared = 0;
        foreach (Type type in typeof(CUresult).Assembly.GetTypes().Where(type => type.Namespace == typeof(CUresult).Namespace && type.IsEnum))
        {
            foreach (string name in Enum.GetNames(type))
            {
                long value = Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture);
                if (!values.TryGetValue(name, out long expected))
                {
                    if (!s_unlisted.Contains(name))
                        wrong.Add($"{name} is no constant of the headers.");
                    continue;
                }

                compared++;
                if (value != expected)
                    wrong.Add($"{name} is {value}, expected {expected}.");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(compared > 150, $"Only {compared} constants were found.");
    }

    [Fact]
    public void Statuses_AreAllKnownByName()
    {
        Assert.Empty(AbiHeader.Driver.Values.Keys.Where(name => name.StartsWith("CUDA_ERROR", StringComparison.Ordinal)).Except(Enum.GetNames<CUresult>()));
        Assert.Empty(
            AbiHeader.Cublas.Values.Keys.Where(name => name.StartsWith("CUBLAS_STATUS", StringComparison.Ordinal)).Except(Enum.GetNames<cublasStatus_t>()));
        Assert.Empty(AbiHeader.Nvrtc.Values.Keys.Except(Enum.GetNames<nvrtcResult>()));
    }

    [Fact]
    public void Requirements_AreTheHeadersVersions()
    {
        foreach (MethodInfo method in typeof(ICudaDriver).GetMethods())
        {
            // 12.0 and older, or with an older form of the same parameters, needs no entry.
            if (!AbiHeader.Driver.Since.TryGetValue(method.Name, out string? since) || since.StartsWith("11.", StringComparison.Ordinal) || since is "12.0"
                || since.Contains("older", StringComparison.Ordinal))
                continue;
            Assert.Equal(since, DriverRequirements.Since(method.Name));
        }
    }

    private static (Type Type, AbiHeader Header) Library(string name) => name switch
    {
        "NvCuda" => (typeof(NvCuda), AbiHeader.Driver),
        "CuBlas" => (typeof(CuBlas), AbiHeader.Cublas),
        _ => (typeof(NvRtc), AbiHeader.Nvrtc),
    };

    private static IEnumerable<MethodInfo> Declarations(Type type) => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly);

    private static IEnumerable<string> Differences(MethodInfo method, AbiParameter[] expected)
    {
        // Every function returns its library's status, except those that return a string.
        string answers = method.Name.StartsWith("cublas", StringComparison.Ordinal) ? "cublasStatus_t"
            : method.Name.StartsWith("nvrtc", StringComparison.Ordinal) ? "nvrtcResult" : "CUresult";
        if (method.ReturnType.Name != answers
            && (method.ReturnType != typeof(byte).MakePointerType() || !method.Name.Contains("GetStatus", StringComparison.Ordinal)
            && method.Name != "nvrtcGetErrorString"))
            yield return $"{method.Name} answers {method.ReturnType.Name}, expected {answers}.";
        ParameterInfo[] actual = method.GetParameters();
        if (actual.Length != expected.Length)
        {
            yield return $"{method.Name} has {actual.Length} parameters, expected {expected.Length}.";
            yield break;
        }

        for (int i = 0; i < actual.Length; i++)
        {
            string? difference = Difference(actual[i], expected[i]);
            if (difference is not null)
                yield return $"{method.Name}, parameter {i}: {difference}";
        }
    }

    private static string? Difference(ParameterInfo actual, AbiParameter expected)
    {
        if (actual.Name != expected.Name)
            return $"is called {actual.Name}, expected {expected.Name}.";
        Type type = actual.ParameterType;
        if (type == typeof(string))
            return expected is { Type: "char", Pointers: 1, IsInput: true } ? null : $"is a text, expected {expected}.";
        // cuBLAS writes device addresses as void pointers.
        if (type == typeof(CUdeviceptr) && expected is { Type: "void", Pointers: 1 })
            return null;

        int pointers = 0;
        if (type.IsByRef)
        {
            if (actual.IsOut && expected.IsInput)
                return "is an output, but the header's is an input.";
            if (actual.IsIn != expected.IsInput)
                return $"has another direction than the header's {expected}.";
            pointers++;
            type = type.GetElementType()!;
        }

        for (; type.IsPointer; type = type.GetElementType()!)
            pointers++;
        if (pointers != expected.Pointers)
            return $"has {pointers} levels of pointers, expected {expected.Pointers}.";
        if (type == typeof(void))
            return expected.Type == "void" ? null : $"points to void, expected {expected.Type}.";
        if (expected.Type == "void")
            return $"points to {type.Name}, expected void.";
        if (expected.Width is int width && SizeOf(type) != width)
            return $"is {type.Name} of {SizeOf(type)} bytes, expected {expected.Type} of {width}.";
        if (expected.OwnName is string own && type.Name != own && !type.IsPrimitive)
            return $"is {type.Name}, expected {own}.";
        return null;
    }

    private static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
