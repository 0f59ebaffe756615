using System.Text.Json;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>
/// Reads a run's events from a <c>text/event-stream</c>, e.g. <c>event: job</c>, <c>id: 17-0</c>, <c>data: {"kind":"job",…}</c>
/// and an empty line.
/// </summary>
public static class RunEventParser
{
    /// <summary>All events until the stream ends.</summary>
    /// <exception cref="ApiUnreachableException">The connection broke.</exception>
    /// <exception cref="ApiMismatchException">An event is not of ours.</exception>
    public static IAsyncEnumerable<RunEvent> ParseAsync(Stream stream, CancellationToken cancellationToken) => EventStreamParser.ParseAsync(stream, Parse, cancellationToken);

    // The SSE id is the cursor; an event without one keeps the id of the event before, which the document itself knows.
    private static RunEvent? Parse(string kind, ReadOnlySpan<byte> data) =>
        kind is "snapshot" or "job" or "tests" or "run_ended" ? JsonSerializer.Deserialize(data, ContractsJson.Default.RunEvent) : null;
}
