using QualGent.Contracts;

namespace QualGent.Worker.Artifacts;

/// <summary>A file that a test or the runner says it left behind.</summary>
/// <param name="Name">What it is called, in parts that <see cref="ArtifactName.Part"/> makes safe.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ContentType">Media type, as told.</param>
/// <param name="Path">Where, below the batch's folder; null when there is none that may be read.</param>
public sealed record FoundFile(IReadOnlyList<string> Name, ArtifactKind Kind, string ContentType, string? Path)
{
    /// <summary>Title of the test case it belongs to.</summary>
    public string? Test { get; init; }

    /// <summary>Why there is no file.</summary>
    public string? Missing { get; init; }

    /// <summary>It comes from the batch, not from a test, so no number of attachments keeps it out.</summary>
    public bool IsEvidence { get; init; }
}
