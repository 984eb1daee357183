using System.Text.Json;
using Spectre.Console;

namespace NativeDiffusion.Cli.Output;

/// <summary>
/// The output of a command. Results go to standard output, progress and errors to standard error. Under <c>--json</c>
/// standard output is one JSON document and nothing else. Colours and live progress appear only on a terminal.
/// </summary>
internal sealed class Terminal
{
    // Without a terminal nothing is wrapped: lines stay whole for grep.
    private const int PlainWidth = 4096;
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _error;
    private readonly bool _liveOutput;

    // If both streams are one terminal, lines go through the console that draws the progress, which moves it out of the way.
    private IAnsiConsole? _above;

    /// <summary>Creates a terminal over two writers.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="liveOutput">Whether standard output is a terminal.</param>
    /// <param name="liveError">Whether standard error is a terminal.</param>
    /// <param name="json">Whether the result is to be one JSON document.</param>
    /// <param name="debug">Whether errors have a stack trace.</param>
    /// <param name="color">Whether colours are used on terminals that support them.</param>
    public Terminal(
        TextWriter output, TextWriter error, bool liveOutput = false, bool liveError = false, bool json = false, bool debug = false, bool color = true)
    {
        OutputWriter = output;
        ErrorWriter = error;
        Live = liveError;
        _liveOutput = liveOutput;
        Json = json;
        Debug = debug;
        _output = Create(output, liveOutput, color);
        _error = Create(error, liveError, color);
    }

    /// <summary>Standard output, for the help text.</summary>
    public TextWriter OutputWriter { get; }

    /// <summary>Standard error.</summary>
    public TextWriter ErrorWriter { get; }

    /// <summary>Whether progress can be drawn in place.</summary>
    public bool Live { get; }

    /// <summary>Whether the result is one JSON document.</summary>
    public bool Json { get; }

    /// <summary>Whether errors have a stack trace.</summary>
    public bool Debug { get; }

    private IAnsiConsole Lines => _above ?? _output;

    /// <summary>The terminal of this process.</summary>
    public static Terminal ForProcess(bool json, bool debug)
    {
        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        bool color = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb, json, debug, color);
    }

    /// <summary>Writes a line of text; silent under <c>--json</c>.</summary>
    /// <param name="text">Plain text.</param>
    /// <param name="style">A Spectre.Console style such as <c>green</c> or <c>bold</c>, or null.</param>
    public void Line(string text = "", string? style = null)
    {
        if (!Json)
            Lines.MarkupLine(Styled(text, style));
    }

    /// <summary>Writes pieces of one line, each with a style of its own; silent under <c>--json</c>.</summary>
    public void Line(params ReadOnlySpan<(string Text, string? Style)> pieces)
    {
        if (Json)
            return;
        string line = "";
        foreach ((string text, string? style) in pieces)
            line += Styled(text, style);
        Lines.MarkupLine(line);
    }

    /// <summary>Writes a note to standard error: a warning, or the path of a file.</summary>
    public void Note(string text) => _error.MarkupLine(Styled(text, "yellow"));

    /// <summary>Writes an error to standard error.</summary>
    public void Error(string text) => _error.MarkupLine(Styled(text, "red"));

    /// <summary>Writes a table; silent under <c>--json</c>.</summary>
    /// <param name="headers">One per column; one that begins with <c>&gt;</c> is set flush right.</param>
    /// <param name="rows">Plain text, as many cells as headers.</param>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (Json)
            return;
        var table = new Table().Border(Live ? TableBorder.Rounded : TableBorder.Simple);
        foreach (string header in headers)
        {
            bool right = header.StartsWith('>');
            var column = new TableColumn(Markup.Escape(right ? header[1..] : header));
            table.AddColumn(right ? column.RightAligned() : column);
        }

        foreach (IReadOnlyList<string> row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        Lines.Write(table);
    }

    /// <summary>Writes the JSON document of <c>--json</c>; silent without it.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        if (!Json)
            return;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            write(writer);
        OutputWriter.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Runs work that reports its progress: drawn in place on a terminal, as plain lines elsewhere.</summary>
    /// <param name="work">The work; its own lines appear above the progress.</param>
    /// <param name="plainProgress">Whether there is progress without a terminal, too.</param>
    public async Task<T> ProgressAsync<T>(Func<IProgressView, Task<T>> work, bool plainProgress = true)
    {
        if (!Live)
            return await work(new PlainProgressView(plainProgress ? ErrorWriter : TextWriter.Null));
        _above = _liveOutput ? _error : null;
        try
        {
            return await _error.Progress()
                .AutoClear(true)
                .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(context => work(new LiveProgressView(context)));
        }
        finally
        {
            _above = null;
        }
    }

    private static string Styled(string text, string? style) =>
        style is null ? Markup.Escape(text) : $"[{style}]{Markup.Escape(text)}[/]";

    private static IAnsiConsole Create(TextWriter writer, bool live, bool color)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live && color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
