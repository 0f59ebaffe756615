namespace QualGent.Worker.Blobs;

/// <summary>A blob on this host's disk, which stays there until it is disposed.</summary>
public sealed class CachedBlob(string path, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The file; read only.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
