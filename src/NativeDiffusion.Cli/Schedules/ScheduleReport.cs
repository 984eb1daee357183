using System.Globalization;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>Tables as text.</summary>
internal static class ScheduleReport
{
    /// <summary>One table, evaluation by evaluation.</summary>
    public static void Write(Terminal terminal, NamedTable named, bool formulas)
    {
        SolverTable table = named.Table;
        Head(terminal, named);
        List<string> headers = [">step", ">timestep", ">sigma", ">to", ">signal", ">noise", "draws"];
        if (formulas) headers.AddRange(["x =", "saved ="]);
        terminal.Table(headers, table.Rows.Select((row, i) => Cells(table, row, i, formulas)));
    }

    /// <summary>Two tables side by side, evaluation by evaluation.</summary>
    public static void Write(Terminal terminal, NamedTable left, NamedTable right)
    {
        Head(terminal, left);
        Head(terminal, right);
        int count = Math.Max(left.Table.Rows.Count, right.Table.Rows.Count);
        string Cell(NamedTable named, int i, Func<SolverRow, string> text) => i < named.Table.Rows.Count ? text(named.Table.Rows[i]) : "";
        terminal.Table(
            [">evaluation", ">timestep", ">sigma", ">timestep", ">sigma", ">sigma ratio"],
            Enumerable.Range(0, count).Select(i => (IReadOnlyList<string>)
            [
                Whole(i + 1),
                Cell(left, i, row => Number(row.Timestep)),
                Cell(left, i, row => Number(row.Sigma)),
                Cell(right, i, row => Number(row.Timestep)),
                Cell(right, i, row => Number(row.Sigma)),
                i < left.Table.Rows.Count
                    && i < right.Table.Rows.Count ? (right.Table.Rows[i].Sigma / left.Table.Rows[i].Sigma).ToString("0.000", CultureInfo.InvariantCulture) : "",
            ]));
    }

    /// <summary>The level after a row's step: the next one's, or the end of the list.</summary>
    public static double To(SolverTable table, int i) => i + 1 < table.Rows.Count ? table.Rows[i + 1].Sigma : table.Sigmas.Count > 0 ? table.Sigmas[^1] : 0;

    private static void Head(Terminal terminal, NamedTable named)
    {
        SolverTable table = named.Table;
        terminal.Line(named.Name, "bold");
        terminal.Line(
            string.Create(
            CultureInfo.InvariantCulture,
            $"  {table.Name}: {table.Rows.Count} evaluations, {table.NoiseDraws} noises drawn, initial x = {Number(table.InitNoiseScale)} times "
                + $"noise{(table.FirstStep > 0 ? $", from step {table.FirstStep + 1} of the whole schedule" : "")}"));
    }

    private static IReadOnlyList<string> Cells(SolverTable table, SolverRow row, int i, bool formulas)
    {
        string draws =
            (row.DrawsBefore, row.DrawsAfter) switch { (true, true) => "before, after", (true, false) => "before", (false, true) => "after", _ => "" };
        List<string> cells =
            [Whole(row.Step + 1), Number(row.Timestep), Number(row.Sigma), Number(To(table, i)), Number(row.SignalLevel), Number(row.NoiseLevel), draws];
        if (formulas) cells.AddRange([row.Next.ToString(), row.Save == default ? "" : row.Save.ToString()]);
        return cells;
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        Math.Abs(value) is >= 0.001 or < 1e-6 ? value.ToString("0.####", CultureInfo.InvariantCulture) : value.ToString("g4", CultureInfo.InvariantCulture);
}
