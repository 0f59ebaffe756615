using System.CommandLine;
using System.Globalization;
using QualGent.Cli.CommandLine;
using QualGent.Contracts;

namespace QualGent.Cli.Jobs;

/// <summary>Collects everything wrong with a command line, in its words.</summary>
internal sealed class Mistakes(ParseResult parse)
{
    private readonly List<string> _lines = [];

    private string See => $"See: {CommandTree.PathOf(parse.CommandResult.Command)} --help";

    public void Add(string option, string message) => _lines.Add($"{option} {message}.");

    public int? Number(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Add(option, $"'{text}' is not a whole number");
        return null;
    }

    public int? Priority(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Priorities.TryParse(text, out var priority))
        {
            return priority;
        }

        Add("--priority", $"'{text}' is unknown; write {Limits.PriorityMin} to {Limits.PriorityMax}, or one of {Priorities.Names}");
        return null;
    }

    public TimeSpan? Time(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Durations.TryParse(text, out var time))
        {
            return time;
        }

        Add(option, $"'{text}' is not a time; write {Durations.Form}");
        return null;
    }

    public int? Seconds(string option, string? text) => (int?)Time(option, text)?.TotalSeconds;

    public IReadOnlyDictionary<string, string>? Labels(IReadOnlyList<string> texts, string option = "--label")
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2)
            {
                Add(option, $"'{text}' has no value; write name=value, e.g. os=14");
            }
            else if (!labels.TryAdd(parts[0], parts[1]))
            {
                Add(option, $"'{parts[0]}' is given twice");
            }
        }

        return labels.Count == 0 ? null : labels;
    }

    /// <summary>Cells of a matrix, e.g. <c>os=13,model=pixel-7</c> or <c>target=device,os=14</c>.</summary>
    public IReadOnlyList<MatrixCell>? Matrix(IReadOnlyList<string> texts)
    {
        var cells = new List<MatrixCell>();
        foreach (var text in texts)
        {
            var labels = new Dictionary<string, string>(Labels(text.Split(',', StringSplitOptions.RemoveEmptyEntries), "--matrix") ?? new Dictionary<string, string>(), StringComparer.Ordinal);
            labels.Remove("target", out var target);
            labels.Remove("platform", out var platform);
            cells.Add(new MatrixCell { Target = target, Platform = platform, Labels = labels.Count == 0 ? null : labels });
        }

        return cells.Count == 0 ? null : cells;
    }

    /// <summary>The size of a page; it has no meaning where all pages are wanted.</summary>
    public int? PageSize(string option, string? text, bool all)
    {
        var size = Number(option, text);
        if (size is < 1 or > Limits.PageSizeMax)
        {
            Add(option, $"is {size}; it must be from 1 to {Limits.PageSizeMax}");
        }

        if (size is not null && all)
        {
            Add(option, "has no meaning with --all");
        }

        return size;
    }

    /// <summary>A value by its name on the wire, in any case.</summary>
    public T? Choice<T>(string option, string? text)
        where T : struct, Enum
    {
        var value = text is null ? null : WireNames.Find<T>(text);
        if (text is not null && value is null)
        {
            Add(option, $"'{text}' is unknown; use one of {WireNames.Of<T>()}");
        }

        return value;
    }

    public string? Key(string? text)
    {
        if (text is not null && (text.Length is 0 or > Limits.IdempotencyKeyLength || text.Any(c => c is <= ' ' or > '~')))
        {
            Add("--idempotency-key", $"must be 1 to {Limits.IdempotencyKeyLength} printable ASCII characters without blanks");
        }

        return text;
    }

    public DateTimeOffset? Instant(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var instant))
        {
            return instant;
        }

        Add(option, $"'{text}' is not an instant; write e.g. 2026-11-22T20:00:00Z");
        return null;
    }

    /// <exception cref="CliException">There are some.</exception>
    public void ThrowIfAny()
    {
        if (_lines.Count == 1)
        {
            throw new CliException(ExitCodes.Usage, _lines[0], See);
        }

        if (_lines.Count > 1)
        {
            throw new CliException(ExitCodes.Usage, [$"{_lines.Count} mistakes, nothing was sent:", .. _lines, See]);
        }
    }
}
