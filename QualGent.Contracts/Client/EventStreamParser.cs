using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace QualGent.Contracts.Client;

/// <summary>Reads server-sent events; comments, unknown kinds and a torn event at the end are passed over.</summary>
internal static class EventStreamParser
{
    /// <summary>All events until the stream ends.</summary>
    /// <param name="stream">The body.</param>
    /// <param name="parse">What an event is; null for one that means nothing here.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ApiUnreachableException">The connection broke.</exception>
    /// <exception cref="ApiMismatchException">An event is not of ours.</exception>
    public static async IAsyncEnumerable<T> ParseAsync<T>(Stream stream, SseItemParser<T?> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var parser = SseParser.Create(stream, parse);
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
}
