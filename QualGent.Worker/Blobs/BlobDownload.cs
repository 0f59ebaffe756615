using System.Security.Cryptography;
using QualGent.Contracts.Client;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Blobs;

/// <summary>Downloads a blob into a file, compares its digest on the way, and goes on where a connection broke.</summary>
public sealed class BlobDownload(ApiAccess api, TimeProvider time)
{
    private const int Tries = 7;
    private const int ChunkBytes = 128 * 1024;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when the file has all bytes of the blob and no others.</summary>
    /// <param name="orgId">Whose blob.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="path">File that is made; may be there in part after a failure.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="BatchRefusedException">The API has no such blob, cannot be reached, or sends other bytes.</exception>
    public async Task FetchAsync(string orgId, string digest, string path, CancellationToken cancellationToken)
    {
        var client = api.Client;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CopyAsync(client, orgId, digest, file, hash, cancellationToken);
                var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
                if (actual == digest)
                {
                    return;
                }

                file.SetLength(0);
                throw new ApiMismatchException($"the blob {digest} arrived with the SHA-256 {actual}");
            }
            catch (ApiProblemException e) when (e.Problem.Status == 404)
            {
                throw BatchRefusedException.Infrastructure($"The API at {client.Address} has no blob {digest} of organisation '{orgId}'. Upload it again and submit again.");
            }
            catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException or BrokenOffException)
            {
                if (attempt == Tries)
                {
                    throw BatchRefusedException.Infrastructure($"The blob {digest} could not be fetched from {client.Address}: {e.Message}");
                }
            }

            await Task.Delay(s_pause * Math.Pow(2, attempt - 1), time, cancellationToken);
        }
    }

    private static async Task CopyAsync(QualGentClient client, string orgId, string digest, FileStream file, IncrementalHash hash, CancellationToken cancellationToken)
    {
        await using var content = await client.OpenBlobAsync(orgId, digest, cancellationToken, file.Length);
        var buffer = new byte[ChunkBytes];
        while (true)
        {
            int count;
            try
            {
                count = await content.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new BrokenOffException(e);
            }

            if (count == 0)
            {
                return;
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            hash.AppendData(buffer.AsSpan(0, count));
        }
    }

    // Trouble with the connection, not with the file.
    private sealed class BrokenOffException(Exception inner) : Exception($"the connection broke ({inner.Message})", inner);
}
