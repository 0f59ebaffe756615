namespace QualGent.Worker.TestCode;

/// <summary>A bundle in use.</summary>
/// <param name="snapshot">Its files, as they were unpacked.</param>
/// <param name="end">Called once.</param>
public sealed class UnpackedBundle(FolderSnapshot snapshot, Action end) : IDisposable
{
    private Action? _end = end;

    /// <summary>Its files; the root is the folder, which nobody may change.</summary>
    public FolderSnapshot Snapshot { get; } = snapshot;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
