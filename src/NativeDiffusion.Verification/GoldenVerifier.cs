using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;
using NativeDiffusion.Devices;

namespace NativeDiffusion.Verification;

/// <summary>
/// Runs the goldens of a folder. A folder contains pairs NAME.json and NAME.safetensors, or one of the two; the prefix of a name
/// says the kind. <c>pictures/</c> and <c>lora/</c> below it may hold more files of the same form.
/// </summary>
public sealed class GoldenVerifier
{
    // VerifyCase states its estimate for this many cores.
    private const double CoresOfEstimate = 2;
    private static readonly string[] s_subfolders = ["pictures", "lora"];
    private readonly VerifyOptions _options;
    private readonly IReadOnlyList<IGoldenCheck> _checks;

    /// <summary>Creates a verifier of all kinds of goldens that the library knows.</summary>
    /// <param name="options">What to run.</param>
    /// <exception cref="ArgumentException">The device is not known.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">The folder contains no goldens.</exception>
    public GoldenVerifier(VerifyOptions options)
        : this(options, GoldenChecks.All)
    {
    }

    /// <summary>Creates a verifier of some kinds of goldens.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="checks">The supported kinds; a file belongs to the first that handles its name, and files run in this order.</param>
    /// <exception cref="ArgumentException">The device is not known.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">The folder contains no goldens.</exception>
    public GoldenVerifier(VerifyOptions options, IReadOnlyList<IGoldenCheck> checks)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(checks);
        _options = options;
        _checks = checks;
        // A device that does not exist is one error here, not one a case.
        ComputeDevices.Open(options.Device, options.Backends, threads: 1).Dispose();
        if (!Directory.Exists(options.Folder))
            throw new DirectoryNotFoundException($"There is no folder '{options.Folder}'. Use a folder of goldens, such as tests/goldens.");
        Files = [.. FindFiles().OrderBy(file => Order(file.Check)).ThenBy(file => file.Name, StringComparer.Ordinal)];
        if (Files.Count == 0)
            throw new InvalidDataException(
                $"'{options.Folder}' contains no goldens: it has no .json or .safetensors file. Use a folder of goldens, such as tests/goldens.");
    }

    /// <summary>The golden files, in the order in which they run.</summary>
    public IReadOnlyList<GoldenFile> Files { get; }

    /// <summary>Runs every selected case of every file, one at a time.</summary>
    /// <param name="started">Receives each case's name before it runs.</param>
    /// <param name="cancellation">Cancels the run between cases and inside those that run networks.</param>
    /// <returns>The outcomes, produced during enumeration: in the order of <see cref="Files"/> and of the cases inside each.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; thrown during enumeration of the outcomes.</exception>
    public IEnumerable<GoldenOutcome> Run(Action<string>? started = null, CancellationToken cancellation = default) =>
        Files.SelectMany(file => Run(file, started, cancellation));

    /// <summary>Runs every selected case of one file, one at a time.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <param name="started">Receives each case's name before it runs.</param>
    /// <param name="cancellation">Cancels the run between cases and inside those that run networks.</param>
    /// <returns>The outcomes, produced during enumeration. A file that cannot be read is one missed outcome of the file's name.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; thrown during enumeration of the outcomes.</exception>
    public IEnumerable<GoldenOutcome> Run(GoldenFile file, Action<string>? started = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Outcomes(file, started, cancellation);
    }

    private IEnumerable<GoldenOutcome> Outcomes(GoldenFile file, Action<string>? started, CancellationToken cancellation)
    {
        if (file.Check is null)
        {
            if (Selected(file.Name))
                yield return new GoldenOutcome(file.Name, VerifyResult.Skip($"goldens of the kind '{Path.GetFileName(file.Path)}' are not supported yet"), 0);
            yield break;
        }

        // Cases are created one at a time, so that the memory of one is released before the next is created.
        using IEnumerator<VerifyCase> cases = CasesOf(file.Check, file.Path).GetEnumerator();
        var context = new VerifyContext(_options.Folder, _options.ModelsFolder, _options.Device, _options.Threads, cancellation)
        {
            Backends = _options.Backends,
        };
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Next(file, cases, out VerifyCase? current) is { } broken)
            {
                yield return broken;
                yield break;
            }

            if (current is null)
                yield break;
            if (!Selected(current.Name))
                continue;
            started?.Invoke(current.Name);
            yield return Run(current, context);
        }
    }

    // An iterator, so that a check that throws while it opens the file does so inside Next.
    private static IEnumerable<VerifyCase> CasesOf(IGoldenCheck check, string path)
    {
        foreach (VerifyCase current in check.Cases(path))
            yield return current;
    }

    private static GoldenOutcome? Next(GoldenFile file, IEnumerator<VerifyCase> cases, out VerifyCase? next)
    {
        next = null;
        try
        {
            next = cases.MoveNext() ? cases.Current : null;
            return null;
        }
#pragma warning disable CA1031 // A golden file that cannot be read is a miss of that file; the others still run.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new GoldenOutcome(file.Name, Broken(exception), 0);
        }
    }

    private GoldenOutcome Run(VerifyCase current, VerifyContext context)
    {
        int cores = context.Threads > 0 ? context.Threads : Environment.ProcessorCount;
        double estimate = current.EstimatedSeconds * CoresOfEstimate / cores;
        if (!_options.Full && estimate > _options.LongestSeconds)
        {
            string reason = string.Create(CultureInfo.InvariantCulture, $"takes about {estimate:0} s here; {nameof(VerifyOptions.Full)} (--full) runs it");
            return new GoldenOutcome(current.Name, VerifyResult.Skip(reason), 0);
        }

        long start = Stopwatch.GetTimestamp();
        VerifyResult result;
        try
        {
            result = current.Run(context);
        }
        catch (NotSupportedException exception)
        {
            result = VerifyResult.Skip(exception.Message);
        }
#pragma warning disable CA1031 // A case that throws is a miss with the exception's message; the others still run.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            result = Broken(exception);
        }

        return new GoldenOutcome(current.Name, result, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static VerifyResult Broken(Exception exception) => new(VerifyVerdict.Missed, double.NaN, 0, $"{exception.GetType().Name}: {exception.Message}");

    // 'unet-*' and 'unet-small' select whole files, 'unet-small/0.*' single cases.
    private bool Selected(string name) =>
        _options.Only is not { } only || FileSystemName.MatchesSimpleExpression(only, name) || FileSystemName.MatchesSimpleExpression($"{only}/*", name);

    private IEnumerable<GoldenFile> FindFiles()
    {
        string[] all = [.. Directory.EnumerateFiles(_options.Folder)];
        HashSet<string> stems = [.. all.Where(IsJson).Select(Stem)];
        foreach (string path in all.Where(path => IsJson(path) || (IsTensors(path) && !IsData(path, stems))))
            yield return Golden(path);

        // Below, tensor files are what a JSON file refers to: latents, adapters.
        foreach (string path in s_subfolders
            .Select(name => Path.Join(_options.Folder, name)).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).Where(IsJson))
            yield return Golden(path);
    }

    private GoldenFile Golden(string path) => new(path, Stem(path), _checks.FirstOrDefault(check => check.Handles(Path.GetFileName(path))));

    // NAME.safetensors and NAME-outputs.safetensors belong to NAME.json.
    private static bool IsData(string path, HashSet<string> stems) => stems.Any(stem => Stem(path) == stem || Stem(path) == $"{stem}-outputs");

    private static bool IsJson(string path) => path.EndsWith(".json", StringComparison.Ordinal);

    private static bool IsTensors(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal);

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path);

    private int Order(IGoldenCheck? check)
    {
        for (int i = 0; i < _checks.Count; i++)
        {
            if (ReferenceEquals(_checks[i], check))
                return i;
        }

        return _checks.Count;
    }
}
