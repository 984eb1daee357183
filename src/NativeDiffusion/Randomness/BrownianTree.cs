namespace NativeDiffusion.Randomness;

/// <summary>
/// A Brownian path over an interval whose increments depend on the seed alone, not on earlier queries: torchsde 0.2.6's
/// BrownianTree. The interval is halved down to 1e-6; each half's increment is drawn by the Brownian bridge from its parent's,
/// with a generator seeded by numpy's SeedSequence from the half's position.
/// Not thread-safe.
/// </summary>
public sealed class BrownianTree
{
    private const int PoolSize = 24;
    private const int Remembered = 96;

    private readonly NoiseOrigin _origin;
    private readonly ulong _seed;
    private readonly double _start;
    private readonly double _end;
    private readonly float[] _whole;
    private readonly Dictionary<(int Depth, ulong Place), float[]> _increments = [];
    private readonly Queue<(int Depth, ulong Place)> _order = new();

    /// <summary>Creates the path.</summary>
    /// <param name="origin">The source of its normals; torchsde uses torch's generator of the tensor's device, A1111 its own "RNG" setting.</param>
    /// <param name="seed">The seed of the path.</param>
    /// <param name="start">The start of the path, such as the smallest positive sigma.</param>
    /// <param name="end">Its end.</param>
    /// <param name="size">How many independent paths: the elements of a latent.</param>
    /// <exception cref="ArgumentException">The interval is empty, or an end is not a finite number.</exception>
    public BrownianTree(NoiseOrigin origin, ulong seed, double start, double end, int size)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!double.IsFinite(start) || !double.IsFinite(end) || !(DecimalRounding.ToMillionths(start) < DecimalRounding.ToMillionths(end)))
            throw new ArgumentException($"A Brownian path needs an interval of at least 1e-6, found {start} to {end}.", nameof(end));
        _origin = origin;
        _seed = seed;
        _start = DecimalRounding.ToMillionths(start);
        _end = DecimalRounding.ToMillionths(end);
        _whole = new float[size];
        origin.Create(SeedSequence.FirstWord(seed, [], PoolSize)).Normal(_whole);
        float deviation = (float)Math.Sqrt(end - start);
        for (int i = 0; i < _whole.Length; i++) _whole[i] *= deviation;
    }

    /// <summary>The number of independent paths.</summary>
    public int Size => _whole.Length;

    /// <summary>The increments of the paths between two points; points outside the interval are clamped to it.</summary>
    /// <param name="from">The earlier point.</param>
    /// <param name="to">The later point.</param>
    /// <param name="destination">Receives <see cref="Size"/> increments, of variance <paramref name="to"/> - <paramref name="from"/>.</param>
    /// <exception cref="ArgumentException">The points are in the wrong order or the length is different.</exception>
    public void Increment(double from, double to, Span<float> destination)
    {
        if (destination.Length != Size) throw new ArgumentException(
            $"The tree has {Size} paths, but {destination.Length} increments were requested.", nameof(destination));
        if (!(from <= to)) throw new ArgumentException($"An increment needs from <= to, found {from} and {to}.", nameof(to));
        destination.Clear();
        from = DecimalRounding.ToMillionths(Math.Clamp(from, _start, _end));
        to = DecimalRounding.ToMillionths(Math.Clamp(to, _start, _end));
        if (from < to) Gather(new Node(0, 0, _start, _end), _whole, from, to, destination);
    }

    // Sums, from left to right, the largest nodes that cover [from, to].
    private void Gather(Node node, float[] increment, double from, double to, Span<float> sum)
    {
        if (from == node.Start && to == node.End)
        {
            for (int i = 0; i < sum.Length; i++) sum[i] += increment[i];
            return;
        }

        (Node left, Node right) = node.Halve();
        (float[] leftIncrement, float[] rightIncrement) = Bridge(node, left, right, increment);
        if (from < left.End) Gather(left, leftIncrement, from, Math.Min(to, left.End), sum);
        if (to > right.Start) Gather(right, rightIncrement, Math.Max(from, right.Start), to, sum);
    }

    // W(middle) given W(end): mean and variance of the Brownian bridge, in float32 with torch's order of operations.
    private (float[] Left, float[] Right) Bridge(Node node, Node left, Node right, float[] increment)
    {
        if (_increments.TryGetValue((left.Depth, left.Place), out float[]? leftIncrement)
            && _increments.TryGetValue((right.Depth, right.Place), out float[]? rightIncrement))
            return (leftIncrement, rightIncrement);

        double reciprocal = 1 / (node.End - node.Start);
        double leftLength = left.End - node.Start;
        double rightLength = node.End - left.End;
        float share = (float)leftLength;
        float scale = (float)reciprocal;
        float deviation = (float)Math.Sqrt(leftLength * rightLength * reciprocal);

        leftIncrement = new float[increment.Length];
        rightIncrement = new float[increment.Length];
        _origin.Create(SeedSequence.FirstWord(_seed, [node.Place, (ulong)node.Depth], PoolSize)).Normal(leftIncrement);
        for (int i = 0; i < increment.Length; i++)
        {
            leftIncrement[i] = share * increment[i] * scale + deviation * leftIncrement[i];
            rightIncrement[i] = increment[i] - leftIncrement[i];
        }

        Remember(left, leftIncrement);
        Remember(right, rightIncrement);
        return (leftIncrement, rightIncrement);
    }

    // Neighbouring steps share most of their nodes.
    private void Remember(Node node, float[] increment)
    {
        if (!_increments.TryAdd((node.Depth, node.Place), increment)) return;
        _order.Enqueue((node.Depth, node.Place));
        if (_order.Count > Remembered) _increments.Remove(_order.Dequeue());
    }

    private readonly record struct Node(int Depth, ulong Place, double Start, double End)
    {
        public (Node Left, Node Right) Halve()
        {
            double middle = DecimalRounding.ToMillionths(0.5 * (End + Start));
            return (new Node(Depth + 1, 2 * Place, Start, middle), new Node(Depth + 1, 2 * Place + 1, middle, End));
        }
    }
}
