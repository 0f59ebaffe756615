namespace QualGent.Contracts.Client;

public sealed partial class QualGentClient
{
    private static readonly TimeSpan s_copySilence = TimeSpan.FromSeconds(30);

    /// <summary>Copies a run's JUnit XML; nothing of it is kept in memory.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="output">Where to; its own failures pass through as they are.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ApiUnreachableException">The connection broke; what was copied is not a whole report.</exception>
    public Task CopyReportAsync(string runId, Stream output, CancellationToken cancellationToken) =>
        CopyAsync($"v1/runs/{Uri.EscapeDataString(runId)}/report.xml", "application/xml", output, cancellationToken);

    /// <summary>Copies a run as a page for people; its links lead to the API's artifacts.</summary>
    /// <inheritdoc cref="CopyReportAsync"/>
    public Task CopyPageAsync(string runId, Stream output, CancellationToken cancellationToken) =>
        CopyAsync($"v1/runs/{Uri.EscapeDataString(runId)}/report.html", "text/html", output, cancellationToken);

    private async Task CopyAsync(string path, string? mediaType, Stream output, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await BoundedAsync(ct => SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct), cancellationToken);
        if (mediaType is not null && response.Content.Headers.ContentType?.MediaType != mediaType)
        {
            throw NotTheApi($"{mediaType} was expected");
        }

        await using var body = new BoundedSilenceStream(await response.Content.ReadAsStreamAsync(cancellationToken), s_copySilence, time);
        var buffer = new byte[64 * 1024];
        while (await ReadAsync(body, buffer, cancellationToken) is > 0 and var length)
        {
            await output.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }
    }

    private static async Task<int> ReadAsync(BoundedSilenceStream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new ApiUnreachableException("The connection broke: " + e.Message, e);
        }
    }
}
