using NativeDiffusion.VirtualGpu.Analysis;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>
/// Lowers a function's instructions to operations on places: registers have theirs from the layout, immediates, addresses and special
/// registers become constants of the frame, so that every operand of every operation is a row of lanes.
/// </summary>
internal sealed partial class FunctionLowering
{
    private readonly PtxModule _module;
    private readonly PtxFunction _function;
    private readonly ControlFlow _flow;
    private readonly RegisterLayout _layout;
    private readonly RegisterSet _doubtful;
    private readonly Dictionary<int, int> _writtenPlaces = [];
    private readonly Dictionary<(FrameConstantKind, ulong, string?, int), int> _constants = [];
    private readonly List<FrameConstant> _constantList = [];
    private readonly Dictionary<PtxVariable, ParameterPlace> _parameters = [];
    private readonly List<LaneOperation> _operations = [];
    private readonly PtxRegister? _carry;
    private (int Place, int Bytes) _written;
    private int _end;
    private int _sites;

    private FunctionLowering(PtxModule module, PtxFunction function)
    {
        _module = module;
        _function = function;
        foreach (PtxInstruction instruction in function.Instructions) InstructionForms.Check(instruction);
        bool hasCarry = function.Instructions.Exists(instruction => Opcodes.WritesCarry(instruction) || Opcodes.ReadsCarry(instruction));
        if (hasCarry)
        {
            // The carry flag is a register without a name. A function is lowered once, so it is added once.
            _carry = new PtxRegister("%cc", PtxType.B32, function.Registers.Count);
            function.Registers.Add(_carry);
        }
        _flow = new ControlFlow(function);
        _doubtful = new DefiniteAssignment(function, _flow, _carry).Doubtful;
        _layout = new RegisterLayout(function, _flow, new Liveness(function, _flow, _carry), _doubtful, _carry, 0);
        _end = _layout.End;
    }

    /// <summary>Prepares a function, for every launch and for both execution modes.</summary>
    public static Program Lower(PtxModule module, PtxFunction function) => new FunctionLowering(module, function).Run();

    public PtxModule Module => _module;

    public PtxFunction Function => _function;

    /// <summary>Bytes of the narrowest access to shared and to global memory seen so far.</summary>
    public int SharedGrain { get; private set; } = 16;

    public int GlobalGrain { get; private set; } = 16;

    /// <summary>Set by fences at gpu or sys scope, and by instructions that may be flags for other blocks.</summary>
    public bool HasGlobalFences { get; set; }

    public bool HasGlobalFlags { get; set; }

    /// <summary>Set by instructions that order some threads of a block without the others.</summary>
    public bool HasPartialOrder { get; set; }

    public void Add(LaneOperation operation) => _operations.Add(operation);

    /// <summary>A number for a memory instruction that keeps state between executions.</summary>
    public int NextSite() => _sites++;

    public void NoteSharedAccess(int bytes) => SharedGrain = Math.Min(SharedGrain, bytes);

    public void NoteGlobalAccess(int bytes) => GlobalGrain = Math.Min(GlobalGrain, bytes);

    private Program Run()
    {
        PlaceParameters();
        PlaceWritten();
        var blocks = new CodeBlock[_flow.Blocks.Count];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(_flow.Blocks[i]);
        return new Program
        {
            Function = _function,
            Blocks = blocks,
            FrameBytes = _end,
            Constants = [.. _constantList],
            Written = _written,
            LocalBytes = _localBytes,
            // Variables of calls are excluded: each call has a scope of its own, with the same names over and over.
            Parameters = _function.IsEntry ? []
                : _function.Returns.Concat(_function.Parameters).ToDictionary(parameter => parameter.Name, parameter => _parameters[parameter]),
            Sites = _sites,
            SharedGrain = SharedGrain,
            GlobalGrain = GlobalGrain,
            HasGlobalFences = HasGlobalFences,
            HasGlobalFlags = HasGlobalFlags,
            HasPartialOrder = HasPartialOrder,
        };
    }

    /// <summary>Allocates bytes of the frame, at a multiple of 64.</summary>
    private int Reserve(int bytes)
    {
        int place = _end;
        _end = (_end + bytes + 63) & ~63;
        return place;
    }

    private void PlaceParameters()
    {
        if (!_function.IsEntry)
            foreach (PtxVariable parameter in _function.Returns.Concat(_function.Parameters)) Place(parameter);
        foreach (PtxVariable variable in _function.Variables)
            if (variable.Space == StateSpace.Param) Place(variable);
        PlaceLocals();
    }

    private void Place(PtxVariable parameter)
    {
        int bytes = checked((int)parameter.Size), stride = (bytes + 15) & ~15;
        _parameters[parameter] = new ParameterPlace(Reserve(stride * RegisterLayout.Lanes), stride, bytes);
    }

    private void PlaceWritten()
    {
        int[] doubtful = [.. _doubtful.Members()];
        if (doubtful.Length == 0) return;
        _written = (Reserve(4 * doubtful.Length), 4 * doubtful.Length);
        for (int i = 0; i < doubtful.Length; i++) _writtenPlaces[doubtful[i]] = _written.Place + (4 * i);
    }
}
