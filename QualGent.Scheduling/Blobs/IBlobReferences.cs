namespace QualGent.Scheduling.Blobs;

/// <summary>A blob as Redis refers to it.</summary>
/// <param name="OrgId">Whose namespace it is in.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
public readonly record struct BlobReference(string OrgId, string Digest);

/// <summary>What of the blob store the pool still needs.</summary>
public interface IBlobReferences
{
    /// <summary>The pool's id, or null when this Redis has never given itself one: it is new, or was emptied.</summary>
    Task<string?> ReadPoolIdAsync(CancellationToken cancellationToken);

    /// <summary>The pool's id, made when there is none.</summary>
    Task<string> EnsurePoolIdAsync(CancellationToken cancellationToken);

    /// <summary>Every blob that a registered app or a stored run refers to. One that an accepted submission refers to meanwhile may be missing.</summary>
    Task<IReadOnlySet<BlobReference>> ReadAsync(CancellationToken cancellationToken);
}
