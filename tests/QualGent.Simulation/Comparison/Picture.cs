using System.Globalization;
using System.Text;

namespace QualGent.Simulation.Comparison;

/// <summary>Draws histories side by side as one SVG file: what every device did, coloured by app version, and how long jobs waited.</summary>
internal static class Picture
{
    private const double Left = 24;
    private const double ChartWidth = 860;
    private const double CurveLeft = Left + ChartWidth + 64;
    private const double CurveWidth = 220;
    private const double RowHeight = 3.6;
    private const double PanelGap = 74;
    private const double Top = 92;
    private const string Ink = "#1f2328";
    private const string Pale = "#6e7781";
    private const string InstallColour = "#24292f";
    private static readonly string[] s_curveColours = ["#cf222e", "#bf8700", "#0969da"];

    /// <summary>One panel per history; the first and the last decide how much time is shown.</summary>
    public static string Draw(IReadOnlyList<History> histories)
    {
        var workload = histories[0].Workload;
        var panel = workload.Devices * RowHeight;
        var spanMs = Math.Max(histories[0].MakespanMs, histories[^1].MakespanMs) * 1.02;
        var colours = workload.Jobs.GroupBy(job => job.Run.Group).OrderByDescending(group => group.Sum(job => job.DurationMs)).Select((group, rank) => (group.Key, Colour: Colour(rank))).ToDictionary(pair => pair.Key, pair => pair.Colour);
        var (width, height) = (CurveLeft + CurveWidth + 24, Top + (histories.Count * (panel + PanelGap)) + 6);

        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height:0}" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" fill="{Ink}">""");
        Line(svg, $"""<rect width="{width:0}" height="{height:0}" rx="8" fill="#ffffff"/>""");
        Line(svg, $"""<text x="{Left}" y="34" font-size="20" font-weight="600">{workload.Jobs.Count()} tests of {colours.Count} app versions on {workload.Devices} devices, all submitted at once</text>""");
        Line(svg, $"""<text x="{Left}" y="58" fill="{Pale}">One row per device, one colour per app version.</text><rect x="{Left + 340}" y="48" width="14" height="12" fill="{InstallColour}"/><text x="{Left + 360}" y="58" fill="{Pale}">installing ({workload.InstallMs / 1000} s)</text>""");
        foreach (var (index, history) in histories.Index())
        {
            var top = Top + (index * (panel + PanelGap));
            Heading(svg, history, top);
            Chart(svg, history, top + 14, panel, spanMs, colours);
            Curves(svg, histories, index, top + 14, panel, spanMs);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Heading(StringBuilder svg, History history, double y)
    {
        var figures = string.Create(CultureInfo.InvariantCulture, $"done after {Time(history.MakespanMs)}, {history.MakespanRatio:0.0} times the lower bound · {history.InstallsPerJob:0.00} installations per test");
        Line(svg, $"""<text x="{Left}" y="{y}"><tspan font-weight="600">{history.Policy}</tspan><tspan dx="10" fill="{Pale}">{figures}</tspan></text>""");
        Line(svg, $"""<text x="{CurveLeft}" y="{y}" fill="{Pale}">95 % began within {Time(history.WaitP95 * 1000)}</text>""");
    }

    private static void Chart(StringBuilder svg, History history, double top, double height, double spanMs, Dictionary<string, string> colours)
    {
        Line(svg, $"""<rect x="{Left}" y="{top:0.#}" width="{ChartWidth}" height="{height:0.#}" fill="#f6f8fa"/>""");
        double X(double ms) => Left + (ChartWidth * Math.Min(ms, spanMs) / spanMs);
        foreach (var colour in Blocks(history, spanMs).GroupBy(block => block.Group is { } group ? colours[group] : InstallColour).OrderBy(colour => colour.Key == InstallColour))
        {
            var path = new StringBuilder();
            foreach (var block in colour)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{X(block.FromMs):0.#} {top + (block.Device * RowHeight):0.#}h{X(block.ToMs) - X(block.FromMs):0.#}v{RowHeight - 0.5:0.#}h-{X(block.ToMs) - X(block.FromMs):0.#}z");
            }

            Line(svg, $"""<path fill="{colour.Key}" d="{path}"/>""");
        }

        Axis(svg, X, top + height, spanMs, 300_000);
        if (history.MakespanMs > spanMs)
        {
            Line(svg, $"""<text x="{Left + ChartWidth - 8}" y="{top + (height / 2):0.#}" text-anchor="end" fill="{Pale}">goes on until {Time(history.MakespanMs)} →</text>""");
        }
    }

    private static void Axis(StringBuilder svg, Func<double, double> x, double y, double spanMs, int stepMs)
    {
        for (var ms = 0; ms < spanMs; ms += stepMs)
        {
            Line(svg, $"""<path d="M{x(ms):0.#} {y:0.#}v4" stroke="{Pale}"/><text x="{x(ms):0.#}" y="{y + 18:0.#}" font-size="11" text-anchor="{(ms == 0 ? "start" : "middle")}" fill="{Pale}">{ms / 60_000} min</text>""");
        }
    }

    // The share of tests that had begun after a wait: this history's in full, the others' pale.
    private static void Curves(StringBuilder svg, IReadOnlyList<History> histories, int index, double top, double height, double spanMs)
    {
        Line(svg, $"""<rect x="{CurveLeft}" y="{top:0.#}" width="{CurveWidth}" height="{height:0.#}" fill="#f6f8fa"/>""");
        double X(double ms) => CurveLeft + (CurveWidth * Math.Min(ms, spanMs) / spanMs);
        foreach (var share in (double[])[0, 0.5, 1])
        {
            Line(svg, $"""<path d="M{CurveLeft} {top + (height * (1 - share)):0.#}h{CurveWidth}" stroke="#d0d7de" stroke-width="0.7"/><text x="{CurveLeft - 6}" y="{top + (height * (1 - share)) + 4:0.#}" font-size="11" text-anchor="end" fill="{Pale}">{100 * share:0} %</text>""");
        }

        foreach (var (other, history) in histories.Index().OrderBy(pair => pair.Index == index))
        {
            var waits = history.Waits(_ => true);
            var points = Enumerable.Range(0, 101).Select(percent => (percent / 100.0, Ms: 1000 * History.Percentile(waits, percent / 100.0))).Where(point => point.Ms <= spanMs)
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Ms):0.#},{top + (height * (1 - point.Item1)):0.#}"));
            Line(svg, $"""<polyline fill="none" stroke="{s_curveColours[other % s_curveColours.Length]}" stroke-width="{(other == index ? 2.4 : 1.2)}" opacity="{(other == index ? 1 : 0.3)}" points="{string.Join(' ', points)}"/>""");
        }

        Axis(svg, X, top + height, spanMs, 600_000);
    }

    // Files of one version that follow each other are one block.
    private static IEnumerable<Block> Blocks(History history, double spanMs)
    {
        foreach (var device in history.Spans.Where(span => span.FromMs < spanMs).GroupBy(span => span.Device))
        {
            Block? block = null;
            foreach (var span in device.OrderBy(span => span.FromMs))
            {
                var group = span.Job is null ? null : span.Group;
                if (block is { } open && open.Group == group && span.FromMs - open.ToMs < 1000)
                {
                    block = open with { ToMs = span.ToMs };
                    continue;
                }

                if (block is { } closed)
                {
                    yield return closed;
                }

                block = new Block(span.Device, span.FromMs, span.ToMs, group);
            }

            if (block is { } last)
            {
                yield return last;
            }
        }
    }

    // Neighbours in size differ most: the golden angle around the colour circle, three brightnesses.
    private static string Colour(int rank) => string.Create(CultureInfo.InvariantCulture, $"hsl({rank * 137.5 % 360:0} 58% {(rank % 3) switch { 0 => 55, 1 => 68, _ => 45 }}%)");

    private static string Time(double ms) => ms < 7_200_000
        ? string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{ms / 3_600_000:0.0} h");

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private readonly record struct Block(int Device, long FromMs, long ToMs, string? Group);
}
