using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

public sealed partial class QualGentClient
{
    /// <summary>Stands for the event that says that no line follows.</summary>
    internal static LogChunk LogEnd { get; } = new() { Cursor = "", Attempt = 0, Lines = [] };

    /// <summary>Reads one connection's lines until the server ends it; <see cref="LogFollower"/> connects again.</summary>
    internal async IAsyncEnumerable<LogChunk> ReadLogAsync(LogQuery query, string? lastEventId, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"v1/jobs/{Uri.EscapeDataString(query.JobId)}/log?follow={(query.Follow ? "true" : "false")}"
            + (query.Attempt is { } attempt ? string.Create(CultureInfo.InvariantCulture, $"&attempt={attempt}") : "");
        using var response = await OpenStreamAsync(path, lastEventId, cancellationToken);
        await using var body = new BoundedSilenceStream(await response.Content.ReadAsStreamAsync(cancellationToken), silence, time);
        await foreach (var chunk in EventStreamParser.ParseAsync(body, ParseLines, cancellationToken))
        {
            yield return chunk;
        }
    }

    private static LogChunk? ParseLines(string kind, ReadOnlySpan<byte> data) => kind switch
    {
        "lines" => JsonSerializer.Deserialize(data, ContractsJson.Default.LogChunk),
        "end" => LogEnd,
        _ => null,
    };
}
