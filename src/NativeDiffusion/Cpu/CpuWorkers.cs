using System.Runtime.ExceptionServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The thread pool of one device. Items of a run are scheduled dynamically, one at a time:
/// operations are written so that no result depends on the assignment of items to threads.
/// </summary>
internal sealed unsafe class CpuWorkers : IDisposable
{
    /// <summary>Minimum number of multiply-adds per thread.</summary>
    public const long LeastWork = 1 << 20;

    // About 20 microseconds of spinning before a thread blocks: the next operation usually starts sooner than a wake-up takes.
    private const int SpinRounds = 200;
    private const int SpinLength = 12;

    private const int Closed = int.MinValue;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _start = new(0);
    private readonly ManualResetEventSlim _done = new(initialState: true, spinCount: 100);
    private readonly NativeBuffer?[] _scratch;
    private NativeBuffer? _shared;
    private Action<int, int>? _body;
    private ExceptionDispatchInfo? _failure;
    private int _items;
    private int _next;

    // Number of workers inside the run; the sign bit closes the run to further workers.
    private int _gate = Closed;
    private volatile bool _disposed;

    /// <summary>Starts the threads; the caller of <see cref="Run(int, Action{int})"/> is one of them.</summary>
    /// <param name="threads">Number of threads, 0 = one per core.</param>
    public CpuWorkers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Count = threads == 0 ? Environment.ProcessorCount : threads;
        _scratch = new NativeBuffer?[Count];
        _threads = new Thread[Count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"NativeDiffusion {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of threads of a run, including the caller.</summary>
    public int Count { get; }

    /// <summary>Runs <paramref name="body"/> for 0 … <paramref name="items"/> - 1 and returns when all are done; the first exception is rethrown.</summary>
    public void Run(int items, Action<int> body) => Run(items, (item, _) => body(item));

    /// <summary>The same, with the index of the worker (0 … <see cref="Count"/> - 1), for <see cref="Scratch"/>.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="body">Receives the item and the worker.</param>
    /// <param name="work">Multiply-adds of all items, if known: a few microseconds of work run on fewer threads.</param>
    public void Run(int items, Action<int, int> body, long work = long.MaxValue)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int others = (int)Math.Min(Math.Min(_threads.Length, items - 1), work / LeastWork);
        if (others <= 0)
        {
            for (int item = 0; item < items; item++)
                body(item, 0);
            return;
        }

        _body = body;
        _failure = null;
        _items = items;
        _next = 0;
        _done.Reset();
        Volatile.Write(ref _gate, 0);
        int asleep = others - _start.CurrentCount;
        if (asleep > 0)
            _start.Release(asleep);
        Work(0);
        // Workers that have not entered yet are not needed: only those inside are awaited.
        if (Interlocked.Or(ref _gate, Closed) != 0)
            _done.Wait();
        _body = null;
        _failure?.Throw();
    }

    /// <summary>Scratch memory of one worker for one item; content is undefined; grows, and is released by Dispose.</summary>
    public float* Scratch(int worker, long count) => AtLeast(ref _scratch[worker], count);

    /// <summary>Scratch memory of the running operation, shared by all workers; requested once, outside of Run. Content is undefined.</summary>
    public float* Shared(long count) => AtLeast(ref _shared, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_threads.Length > 0)
            _start.Release(_threads.Length);
        foreach (Thread thread in _threads)
            thread.Join();
        foreach (NativeBuffer? buffer in _scratch)
            buffer?.Dispose();
        _shared?.Dispose();
        _start.Dispose();
        _done.Dispose();
    }

    private static float* AtLeast(ref NativeBuffer? buffer, long count)
    {
        if (buffer is null || buffer.Count < count)
        {
            buffer?.Dispose();
            // If the next line fails, no disposed buffer remains referenced.
            buffer = null;
            buffer = new NativeBuffer(count);
        }

        return buffer.Pointer;
    }

    private void Loop(int worker)
    {
        while (true)
        {
            for (int round = 0; round < SpinRounds && _start.CurrentCount == 0 && !_disposed; round++)
                Thread.SpinWait(SpinLength);
            _start.Wait();
            if (_disposed)
                return;
            if (!Enter())
                continue;
            Work(worker);
            // The last worker to leave a closed run signals the caller.
            if (Interlocked.Decrement(ref _gate) == Closed)
                _done.Set();
        }
    }

    // The run has ended, or there is none: the caller does not wait for this thread.
    private bool Enter()
    {
        int seen = Volatile.Read(ref _gate);
        while (seen >= 0)
        {
            int before = Interlocked.CompareExchange(ref _gate, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    private void Work(int worker)
    {
        Action<int, int> body = _body!;
        int items = _items;
        try
        {
            for (int item = Interlocked.Increment(ref _next) - 1; item < items; item = Interlocked.Increment(ref _next) - 1)
                body(item, worker);
        }
#pragma warning disable CA1031 // Exceptions of a body are rethrown by Run; they must not end a worker thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            // No further items are started.
            Volatile.Write(ref _next, items);
        }
    }
}
