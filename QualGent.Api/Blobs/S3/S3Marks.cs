namespace QualGent.Api.Blobs.S3;

/// <summary>
/// Marks beside the blobs of a bucket, which has neither renames nor times that can be set. Whoever uses a blob writes <c>used</c> and then looks
/// for <c>going</c>; whoever removes it writes <c>going</c> and then looks at <c>used</c>. So one of them sees the other, and no blob goes that
/// somebody has been promised. A mark of somebody who died counts for a minute.
/// </summary>
internal sealed class S3Marks(S3Bucket bucket, TimeProvider time)
{
    private static readonly TimeSpan s_removal = TimeSpan.FromMinutes(1); // longer than any removal takes that has not died
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The blob is used; returns whether it may be promised, which it may not while it is being removed.</summary>
    public async Task<bool> UseAsync(BlobName name, CancellationToken cancellationToken)
    {
        await bucket.WriteAsync(Used(name), [], cancellationToken);
        return !await IsGoingAsync(name, cancellationToken);
    }

    /// <summary>The blob is used; returns when nobody removes what will be written now.</summary>
    public async Task UseAnewAsync(BlobName name, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var free = await UseAsync(name, cancellationToken); !free && time.GetElapsedTime(since) < s_removal; free = !await IsGoingAsync(name, cancellationToken))
        {
            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    /// <summary>Removes a blob and its mark of use, unless either was written since an instant.</summary>
    /// <returns>The blob's bytes, 0 when there was none; null when it stays.</returns>
    public async Task<long?> RemoveAsync(BlobName name, DateTimeOffset unusedSince, CancellationToken cancellationToken)
    {
        // Not one mark for all: whoever is done first would take it from under the others.
        var mark = $"{Going(name)}{Guid.NewGuid():N}";
        var since = time.GetTimestamp();
        await bucket.WriteAsync(mark, [], cancellationToken);
        var (blob, used) = (await bucket.FindAsync(S3BlobStore.Blob(name), cancellationToken), await bucket.FindAsync(Used(name), cancellationToken));
        // Who was held up for long is taken for dead, and somebody may have been promised the blob.
        var isUnused = !(blob?.WrittenAt >= unusedSince || used?.WrittenAt >= unusedSince) && time.GetElapsedTime(since) < s_removal / 3;
        if (isUnused)
        {
            // Nor may the client try again when the mark is not believed any more.
            using var late = new CancellationTokenSource(s_removal / 2, time);
            using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
            await bucket.RemoveAsync(Used(name), inTime.Token);
            await bucket.RemoveAsync(S3BlobStore.Blob(name), inTime.Token);
        }

        await bucket.RemoveAsync(mark, cancellationToken);
        return isUnused ? blob?.Bytes ?? 0 : null;
    }

    /// <summary>Removes marks that somebody who died has left before an instant.</summary>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var left in bucket.ListAsync("going/", cancellationToken))
        {
            if (left.WrittenAt < before)
            {
                await bucket.RemoveAsync(left.Key, cancellationToken);
            }
        }
    }

    // Who asks has written "used" just now, which tells the time by the clock that the marks were written by.
    private async Task<bool> IsGoingAsync(BlobName name, CancellationToken cancellationToken)
    {
        await foreach (var mark in bucket.ListAsync(Going(name), cancellationToken))
        {
            if (await bucket.FindAsync(Used(name), cancellationToken) is not { } now || mark.WrittenAt > now.WrittenAt - s_removal)
            {
                return true;
            }
        }

        return false;
    }

    private static string Used(BlobName name) => $"used/{name.OrgId}/{name.Digest}";

    private static string Going(BlobName name) => $"going/{name.OrgId}/{name.Digest}/";
}
