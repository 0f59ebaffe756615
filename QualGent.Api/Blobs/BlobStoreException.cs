namespace QualGent.Api.Blobs;

/// <summary>The store cannot be reached, refuses, or has no room; the same call may succeed later.</summary>
/// <param name="message">What it said.</param>
/// <param name="isFull">Whether it has no room.</param>
/// <param name="inner">What was thrown, if anything was.</param>
internal sealed class BlobStoreException(string message, bool isFull, Exception? inner = null) : IOException(message, inner)
{
    public bool IsFull => isFull;
}
