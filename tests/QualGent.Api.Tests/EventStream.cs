using System.Text.Json;

namespace QualGent.Api.Tests;

/// <summary>A client of server-sent events that reads one after the other.</summary>
public sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    public HttpResponseMessage Response => _response;

    public static async Task<EventStream> OpenAsync(HttpClient http, Uri url, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Accept = { new("text/event-stream") } } };
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The next event, past comments; null at the end of the stream.</summary>
    /// <exception cref="TimeoutException">There was none within a minute; comments do not count.</exception>
    public Task<ServerSentEvent?> NextAsync() => ReadAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task<ServerSentEvent?> ReadAsync()
    {
        string? id = null, kind = null, data = null;
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                return new ServerSentEvent(id ?? "", kind!, JsonDocument.Parse(data).RootElement);
            }

            var split = line.Split(": ", 2);
            (id, kind, data) = split[0] switch
            {
                "id" => (split[1], kind, data),
                "event" => (id, split[1], data),
                "data" => (id, kind, split[1]),
                _ => (id, kind, data),
            };
        }

        return null;
    }

    public async Task<List<ServerSentEvent>> ReadToEndAsync()
    {
        var events = new List<ServerSentEvent>();
        while (await NextAsync() is { } next)
        {
            events.Add(next);
        }

        return events;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}

/// <summary>One event.</summary>
public sealed record ServerSentEvent(string Id, string Kind, JsonElement Data);
