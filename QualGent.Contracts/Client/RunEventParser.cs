using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>
/// Reads a run's events from a <c>text/event-stream</c>, e.g. <c>event: job</c>, <c>id: 17-0</c>, <c>data: {"kind":"job",…}</c>
/// and an empty line. Comments, unknown kinds and a torn event at the end are passed over.
/// </summary>
public static class RunEventParser
{
    /// <summary>All events until the stream ends.</summary>
    /// <exception cref="ApiUnreachableException">The connection broke.</exception>
    /// <exception cref="ApiMismatchException">An event is not of ours.</exception>
    public static async IAsyncEnumerable<RunEvent> ParseAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(stream, Parse);
        await using var items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new ApiUnreachableException("The connection broke: " + e.Message, e);
            }
            catch (JsonException e)
            {
                throw new ApiMismatchException("An event is not the expected JSON: " + e.Message, e);
            }

            if (items.Current.Data is { } data)
            {
                yield return data;
            }
        }
    }

    // The SSE id is the cursor; an event without one keeps the id of the event before, which the document itself knows.
    private static RunEvent? Parse(string kind, ReadOnlySpan<byte> data) =>
        kind is "snapshot" or "job" or "run_ended" ? JsonSerializer.Deserialize(data, ContractsJson.Default.RunEvent) : null;
}
