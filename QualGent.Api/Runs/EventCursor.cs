using System.Globalization;

namespace QualGent.Api.Runs;

/// <summary>Id of an event: the milliseconds and the number of the Redis stream, e.g. <c>1763806888000-0</c>. Both only grow.</summary>
internal readonly record struct EventCursor(long Ms, long Sequence) : IComparable<EventCursor>
{
    /// <summary>Reads a cursor that the queue has made.</summary>
    public static EventCursor Parse(string text)
    {
        var split = text.IndexOf('-', StringComparison.Ordinal);
        return new EventCursor(long.Parse(text.AsSpan(0, split), CultureInfo.InvariantCulture), long.Parse(text.AsSpan(split + 1), CultureInfo.InvariantCulture));
    }

    public int CompareTo(EventCursor other) => (Ms, Sequence).CompareTo((other.Ms, other.Sequence));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ms}-{Sequence}");
}
