using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>
/// The place of each register in a warp's memory: 32 lanes of 4 or 8 bytes, a predicate one word of 32 bits. Registers that are never
/// live at the same time share a place, so that a warp's registers stay in the cache.
/// </summary>
internal sealed class RegisterLayout
{
    public const int Lanes = 32;
    public const int Slot32 = Lanes * 4;
    public const int Slot64 = Lanes * 8;
    private readonly int[] _offsets;

    /// <param name="function">The function.</param>
    /// <param name="flow">Its control flow.</param>
    /// <param name="liveness">Its live registers.</param>
    /// <param name="doubtful">Registers that are not definitely assigned, which get a place of their own: an early read must not see another value.</param>
    /// <param name="carry">The register of the carry flag, which no instruction names.</param>
    /// <param name="start">Bytes reserved in front.</param>
    public RegisterLayout(PtxFunction function, ControlFlow flow, Liveness liveness, RegisterSet doubtful, PtxRegister? carry, int start)
    {
        _offsets = new int[function.Registers.Count];
        Array.Fill(_offsets, -1);
        (int[] from, int[] to) = Intervals(function, flow, liveness);
        if (carry is not null) (from[carry.Index], to[carry.Index]) = (0, int.MaxValue);
        int at = start;
        foreach (int bits in (int[])[32, 64, 128])
        {
            var expiring = new PriorityQueue<int, int>();
            var free = new Stack<int>();
            int slot = Slot32 * (bits / 32);
            IEnumerable<PtxRegister> registers = function.Registers
                .Where(register => register.LaneBits == bits && register.Type != PtxType.Pred && from[register.Index] <= to[register.Index])
                .OrderBy(register => from[register.Index]);
            foreach (PtxRegister register in registers)
            {
                while (expiring.TryPeek(out int old, out int end) && end < from[register.Index])
                {
                    free.Push(old);
                    expiring.Dequeue();
                }
                if (doubtful[register.Index] || !free.TryPop(out int offset))
                {
                    offset = at;
                    at += slot;
                }
                _offsets[register.Index] = offset;
                if (!doubtful[register.Index]) expiring.Enqueue(offset, to[register.Index]);
            }
        }
        foreach (PtxRegister register in function.Registers)
        {
            if (register.Type != PtxType.Pred) continue;
            _offsets[register.Index] = at;
            at += 4;
        }
        End = (at + 63) & ~63;
    }

    /// <summary>The size of a warp's registers in bytes.</summary>
    public int End { get; }

    /// <summary>The register's place; -1 for an unused one.</summary>
    public int this[PtxRegister register] => _offsets[register.Index];

    /// <summary>
    /// First and last position at which each register's place is occupied. An instruction reads at twice its index and writes one later, or at
    /// once if its result must not share a place with a source.
    /// </summary>
    private static (int[] From, int[] To) Intervals(PtxFunction function, ControlFlow flow, Liveness liveness)
    {
        var from = new int[function.Registers.Count];
        var to = new int[function.Registers.Count];
        Array.Fill(from, int.MaxValue);
        Array.Fill(to, -1);
        void Touch(int register, int position)
        {
            from[register] = Math.Min(from[register], position);
            to[register] = Math.Max(to[register], position);
        }

        var registers = new List<PtxRegister>();
        foreach (BasicBlock block in flow.Blocks)
        {
            int position = 2 * block.First;
            foreach (int register in liveness.In(block.Index).Members()) Touch(register, position);
            foreach (PtxInstruction instruction in Liveness.Instructions(function, block))
            {
                Opcodes.Uses(instruction, registers);
                foreach (PtxRegister register in registers) Touch(register.Index, position);
                Opcodes.Definitions(instruction, registers);
                bool isEarly = !Opcodes.IsLaneByLane(instruction);
                foreach (PtxRegister register in registers)
                {
                    Touch(register.Index, position + 1);
                    if (isEarly) Touch(register.Index, position);
                }
                position += 2;
            }
            foreach (int register in liveness.Out(block.Index).Members()) Touch(register, position - 1);
        }
        return (from, to);
    }
}
