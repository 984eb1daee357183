using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using NativeDiffusion.VirtualGpu.Execution.Operations;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>
/// Emits a block's operations as IL, one direct call after the other: no virtual call, no operand fetched from memory, guards as branches.
/// Only where the runtime can compile; elsewhere the operations run one by one with the same results.
/// </summary>
internal sealed unsafe class BodyEmitter
{
    private static readonly MethodInfo s_execute = typeof(LaneOperation).GetMethod(nameof(LaneOperation.Execute))!;
    private readonly DynamicMethod _method;
    private readonly ILGenerator _il;
    private readonly LaneOperation[] _operations;
    private LocalBuilder? _guarded;
    private bool _isGuarded;

    [RequiresDynamicCode("Compiles the block.")]
    private BodyEmitter(LaneOperation[] operations)
    {
        _operations = operations;
        _method = new DynamicMethod(
            "Block", null, [typeof(LaneOperation[]), typeof(Warp), typeof(byte*), typeof(uint)], typeof(BodyEmitter).Module, skipVisibility: true);
        _il = _method.GetILGenerator();
    }

    /// <summary>The code of a block's operations.</summary>
    [RequiresDynamicCode("Compiles the block.")]
    public static BodyDelegate Compile(LaneOperation[] operations)
    {
        var emitter = new BodyEmitter(operations);
        foreach (LaneOperation operation in operations) operation.Emit(emitter);
        emitter._il.Emit(OpCodes.Ret);
        return emitter._method.CreateDelegate<BodyDelegate>();
    }

    /// <summary>Calls an operation through its object.</summary>
    public void CallExecute(LaneOperation operation)
    {
        int index = Array.IndexOf(_operations, operation);
        if (index < 0) index = Array.FindIndex(_operations, candidate => candidate is GuardedOperation guarded && guarded.Inner == operation);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldc_I4, index);
        _il.Emit(OpCodes.Ldelem_Ref);
        if (_operations[index] is GuardedOperation && _operations[index] != operation)
            _il.Emit(OpCodes.Call, typeof(GuardedOperation).GetProperty(nameof(GuardedOperation.Inner))!.GetMethod!);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldarg_2);
        Mask();
        _il.Emit(OpCodes.Callvirt, s_execute);
    }

    /// <summary>Calls a loop over lanes: places of result and sources, then the mask.</summary>
    public void CallFunction(nint pointer, params ReadOnlySpan<int> places)
    {
        foreach (int place in places) Place(place);
        Mask();
        var parameters = new Type[places.Length + 1];
        Array.Fill(parameters, typeof(byte*));
        parameters[^1] = typeof(uint);
        _il.Emit(OpCodes.Ldc_I8, (long)pointer);
        _il.Emit(OpCodes.Conv_I);
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(void), parameters, null);
    }

    /// <summary>Runs an operation under a narrower mask, or not at all.</summary>
    public void Guard(int predicate, bool isNegated, LaneOperation inner)
    {
        _guarded ??= _il.DeclareLocal(typeof(uint));
        Label skip = _il.DefineLabel();
        Place(predicate);
        _il.Emit(OpCodes.Ldind_U4);
        if (isNegated) _il.Emit(OpCodes.Not);
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Stloc, _guarded);
        _il.Emit(OpCodes.Brfalse, skip);
        _isGuarded = true;
        inner.Emit(this);
        _isGuarded = false;
        _il.MarkLabel(skip);
    }

    private void Place(int offset)
    {
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Ldc_I4, offset);
        _il.Emit(OpCodes.Add);
    }

    private void Mask()
    {
        if (_isGuarded) _il.Emit(OpCodes.Ldloc, _guarded!);
        else _il.Emit(OpCodes.Ldarg_3);
    }
}
