using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>
/// Reads a Python pickle (protocols 0 to 5) into plain data: null, bool, long, BigInteger, double, string, byte[], lists, tuples
/// (arrays), dictionaries, tensors. Any global outside <see cref="PickleGlobals"/> is rejected by name, and nothing is ever executed.
/// No recursion, a bound on the number of operations: a hostile file can neither hang nor crash the host.
/// </summary>
internal ref struct PickleReader
{
    private const int MaximumOperations = 8_000_000;

    private readonly ReadOnlySpan<byte> _data;
    private readonly string _file;
    private readonly PickleObjects _objects;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>Creates a reader.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="data">The bytes; several pickles may follow each other.</param>
    public PickleReader(string file, ReadOnlySpan<byte> data)
    {
        _file = file;
        _data = data;
        _objects = new PickleObjects(file);
    }

    /// <summary>The storages referenced by the last pickle.</summary>
    public List<PickleStorage> Storages { get; } = [];

    /// <summary>The number of bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="CheckpointException">It is damaged, or contains more than data.</exception>
    public object? Load()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        Storages.Clear();
        for (int operations = 0; operations < MaximumOperations; operations++)
        {
            byte operation = Take(1)[0];
            if (operation == '.') return Pop();
            if (!Scalar(operation) && !Container(operation) && !Object(operation))
                throw Damaged($"operation 0x{operation:X2} is not known");
        }

        throw Damaged($"more than {MaximumOperations} operations");
    }

    private bool Scalar(byte operation)
    {
        switch ((char)operation)
        {
            case '\x80': Take(1); return true;
            case '\x95': Take(8); return true;
            case 'N': return Push(null);
            case '\x88': return Push(true);
            case '\x89': return Push(false);
            case 'J': return Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
            case 'K': return Push((long)Take(1)[0]);
            case 'M': return Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
            case '\x8A': return Push(Integer(Take(Take(1)[0])));
            case '\x8B': return Push(Integer(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), 1024)));
            case 'I': return PushLine(Line());
            case 'L': return Push(Whole(Line().TrimEnd('L')));
            case 'F':
                return Push(
                double.TryParse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Damaged("a number is not one"));
            case 'G': return Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
            case 'S': return Push(Line().Trim('\'', '"'));
            case 'V': return Push(Line());
            case 'T': return Push(Encoding.Latin1.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
            case 'U': return Push(Encoding.Latin1.GetString(Take(Take(1)[0])));
            case 'X': return Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
            case '\x8C': return Push(Encoding.UTF8.GetString(Take(Take(1)[0])));
            case '\x8D': return Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))));
            case 'B': return Push(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))).ToArray());
            case 'C': return Push(Take(Take(1)[0]).ToArray());
            case '\x8E' or '\x96': return Push(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))).ToArray());
            default: return false;
        }
    }

    private bool Container(byte operation)
    {
        switch ((char)operation)
        {
            case '(': _marks.Push(_stack.Count); return true;
            case '0': Pop(); return true;
            case '1': PopToMark(); return true;
            case '2': return Push(Peek());
            case ')': return Push(Array.Empty<object?>());
            case 't': return Push(PopToMark());
            case '\x85': return Push(new[] { Pop() });
            case '\x86': return Push(PopMany(2));
            case '\x87': return Push(PopMany(3));
            case ']' or '\x8F': return Push(new List<object?>());
            case 'l' or '\x91': return Push(new List<object?>(PopToMark()));
            case 'a': Append([Pop()]); return true;
            case 'e' or '\x90': Append(PopToMark()); return true;
            case '}': return Push(new PickleDictionary());
            case 'd':
                object?[] pairs = PopToMark();
                Push(new PickleDictionary());
                Set(pairs);
                return true;
            case 's': Set(PopMany(2)); return true;
            case 'u': Set(PopToMark()); return true;
            default: return false;
        }
    }

    private bool Object(byte operation)
    {
        switch ((char)operation)
        {
            case 'p': return Remember(Whole(Line()) is long put ? put : throw Damaged("a memo index is not a number"));
            case 'q': return Remember(Take(1)[0]);
            case 'r': return Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
            case '\x94': return Remember(_memo.Count);
            case 'g': return Recall(Whole(Line()) is long get ? get : throw Damaged("a memo index is not a number"));
            case 'h': return Recall(Take(1)[0]);
            case 'j': return Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
            case 'c': return Push(Global(Line(), Line()));
            case '\x93':
                object?[] names = PopMany(2);
                return Push(names is [string module, string name] ? Global(module, name) : throw Damaged("a global's name is not a string"));
            case 'i': return Push(_objects.Call(Global(Line(), Line()), PopToMark()));
            case 'R' or '\x81':
                object?[] call = PopMany(2);
                return Push(_objects.Call(call[0], call[1]));
            case 'b':
                object? state = Pop();
                _objects.Build(Peek(), state);
                return true;
            case 'Q':
                PickleStorage storage = _objects.Storage(Pop());
                Storages.Add(storage);
                return Push(storage);
            default: return false;
        }
    }

    private readonly bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    // The text form of integers is also that of booleans.
    private readonly bool PushLine(string line) => Push(line switch { "00" => false, "01" => true, _ => Whole(line) });

    private readonly object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Damaged("a value is missing");

    private readonly object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly int Floor => _marks.Count > 0 ? _marks.Peek() : 0;

    private readonly object?[] PopMany(int count)
    {
        if (_stack.Count - Floor < count) throw Damaged("a value is missing");
        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private readonly object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark)) throw Damaged("a mark is missing");
        object?[] values = [.. _stack[mark..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private readonly void Append(object?[] items)
    {
        switch (Peek())
        {
            case List<object?> list: list.AddRange(items); break;
            case PickleInert: break;
            default: throw Damaged("items are added to what is not a list");
        }
    }

    private readonly void Set(object?[] pairs)
    {
        object? target = Peek();
        if (target is PickleInert) return;
        if (target is not PickleDictionary dictionary || pairs.Length % 2 != 0) throw Damaged("entries are set on what is not a dictionary");
        for (int i = 0; i < pairs.Length; i += 2) dictionary.Set(pairs[i], pairs[i + 1]);
    }

    private readonly bool Remember(long index)
    {
        _memo[index] = Peek();
        return true;
    }

    private readonly bool Recall(long index) => Push(_memo.TryGetValue(index, out object? value) ? value : throw Damaged($"memo {index} is not set"));

    private readonly PickleGlobal Global(string module, string name) =>
        PickleGlobals.Find(module, name)
        ?? throw new CheckpointException(
            $"{_file}: refuses the global {Printable(module)}.{Printable(name)}: a pickle is read for tensors and plain containers only, and nothing in it is "
                + $"executed.", _file, $"{module}.{name}");

    private static string Printable(string name) => new([.. name.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter)]);

    private static object Integer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) return new BigInteger(bytes);
        long value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--) value = i == bytes.Length - 1 ? (sbyte)bytes[i] : (value << 8) | bytes[i];
        return value;
    }

    private readonly object Whole(string line)
    {
        if (long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) return value;
        return line.Length <= 1024 && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger big) ? big
            : throw Damaged("a number is not one");
    }

    private string Line()
    {
        int length = _data[Position..].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("it ends in the middle of a line");
        string line = Encoding.UTF8.GetString(Take(length));
        Position++;
        return line.TrimEnd('\r');
    }

    private ReadOnlySpan<byte> Take(ulong count, ulong maximum = ulong.MaxValue)
    {
        if (count > (ulong)(_data.Length - Position)) throw Damaged("it ends too early");
        if (count > maximum) throw Damaged($"a number of {count} bytes");
        ReadOnlySpan<byte> taken = _data.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    private ReadOnlySpan<byte> Take(int count) => Take((ulong)count);

    private readonly CheckpointException Damaged(string what) => new($"{_file}: the pickle is damaged near byte {Position}: {what}.", _file);
}
