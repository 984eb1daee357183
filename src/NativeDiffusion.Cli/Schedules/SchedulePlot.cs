using System.Globalization;
using System.Net;
using System.Text;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>Plots noise levels over the run as SVG: a logarithmic axis, one line per table, one dot per evaluation.</summary>
internal static class SchedulePlot
{
    private const double Width = 820, Height = 480, Left = 70, Right = 20, Top = 30, Bottom = 90;
    private static readonly string[] s_colors = ["#1f77b4", "#d62728"];

    /// <summary>Creates the plot.</summary>
    public static string Draw(IReadOnlyList<NamedTable> tables)
    {
        double[] levels = [.. tables.SelectMany(named => named.Table.Rows).Select(row => row.Sigma).Where(sigma => double.IsFinite(sigma) && sigma > 0)];
        if (levels.Length == 0) levels = [1];
        int low = (int)Math.Floor(Math.Log10(levels.Min())), high = Math.Max((int)Math.Ceiling(Math.Log10(levels.Max())), low + 1);
        int evaluations = Math.Max(tables.Max(named => named.Table.Rows.Count), 2);
        double X(double i) => Left + i / (evaluations - 1) * (Width - Left - Right);
        double Y(double sigma) => Top + (high - Math.Log10(sigma)) / (high - low) * (Height - Top - Bottom);

        var svg = new StringBuilder();
        void Add(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\"");
        Add($" font-size=\"12\">");
        Add($"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (int power = low; power <= high; power++)
        {
            double y = Y(Math.Pow(10, power));
            Add($"<line x1=\"{Left}\" y1=\"{y:0.0}\" x2=\"{Width - Right}\" y2=\"{y:0.0}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{Math.Pow(10, power):g}</text>");
        }

        int stride = Math.Max(1, (int)Math.Ceiling(evaluations / 10.0));
        for (int i = 0; i < evaluations; i += stride)
            Add($"<text x=\"{X(i):0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{i + 1}</text>");
        Add($"<text x=\"{Left}\" y=\"{Top - 12}\">sigma</text>");
        Add($"<text x=\"{Width - Right}\" y=\"{Height - Bottom + 34}\" text-anchor=\"end\">evaluation</text>");
        for (int k = 0; k < tables.Count; k++)
        {
            SolverTable table = tables[k].Table;
            string color = s_colors[k];
            var points = table.Rows.Select((row, i) => (X: X(i), row.Sigma))
                .Where(point => double.IsFinite(point.Sigma) && point.Sigma > 0).Select(point => (point.X, Y: Y(point.Sigma))).ToList();
            string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.0},{point.Y:0.0}")));
            Add($"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\" points=\"{path}\"/>");
            foreach ((double x, double y) in points) Add($"<circle cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"3\" fill=\"{color}\"/>");
            double legend = Height - Bottom + 52 + k * 18;
            Add($"<line x1=\"{Left}\" y1=\"{legend - 4}\" x2=\"{Left + 24}\" y2=\"{legend - 4}\" stroke=\"{color}\" stroke-width=\"3\"/>");
            Add($"<text x=\"{Left + 32}\" y=\"{legend}\">{WebUtility.HtmlEncode(tables[k].Name)}</text>");
        }

        svg.AppendLine("</svg>");
        return svg.ToString();
    }
}
