using System.Collections.Concurrent;

namespace QualGent.Api.Blobs;

/// <summary>
/// Bytes that each organisation has in the folder. Counted from the files once a minute and kept up in between, so what
/// other API instances take is seen at most a minute late.
/// </summary>
internal sealed class OrgUsage(BlobFolder folder, TimeProvider time)
{
    private static readonly TimeSpan s_validity = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Takes bytes, unless more than <paramref name="most"/> would be in use.</summary>
    public bool TryTake(string orgId, long bytes, long most)
    {
        var count = Current(orgId);
        if (Interlocked.Add(ref count.Bytes, bytes) <= most)
        {
            return true;
        }

        Interlocked.Add(ref count.Bytes, -bytes);
        return false;
    }

    /// <summary>Gives bytes back whose file is gone.</summary>
    public void Give(string orgId, long bytes) => Interlocked.Add(ref Current(orgId).Bytes, -bytes);

    private Count Current(string orgId)
    {
        if (_counts.TryGetValue(orgId, out var known) && time.GetElapsedTime(known.Since) < s_validity)
        {
            return known;
        }

        var org = new DirectoryInfo(folder.Org(orgId));
        var files = org.Exists ? org.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }) : [];
        return _counts[orgId] = new Count { Bytes = files.Sum(Length), Since = time.GetTimestamp() };
    }

    // A file may have moved on since it was listed.
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private sealed class Count
    {
        public long Bytes;
        public required long Since;
    }
}
