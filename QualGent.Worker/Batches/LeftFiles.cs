using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Artifacts;

namespace QualGent.Worker.Batches;

/// <summary>Finds in a batch's events what its tests leave behind: attachments, and the last screen of each test.</summary>
internal sealed class LeftFiles(BatchArtifacts artifacts)
{
    private readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal);

    /// <summary>Takes an event of the job's file in.</summary>
    public void Hear(ClaimedJob job, SupervisorEvent heard)
    {
        if (heard is { TestId: { } id, Title: { } named })
        {
            _titles[id] = named;
        }

        var title = heard.TestId is null ? null : _titles.GetValueOrDefault(heard.TestId);
        if (heard is { Type: "screenshot", Path: { } screen })
        {
            artifacts.Add(job, new FoundFile([title ?? "test", "last-screen.png"], ArtifactKind.Screenshot, "image/png", screen) { Test = title });
        }

        foreach (var attachment in heard.Attachments ?? [])
        {
            var (name, type) = (attachment.Name ?? "attachment", attachment.Type ?? "application/octet-stream");
            artifacts.Add(job, new FoundFile([title ?? "test", WithEnding(name, attachment.Path)], KindOf(name, type), type, attachment.Path) { Test = title, Missing = attachment.Missing });
        }
    }

    private static ArtifactKind KindOf(string name, string type) => type switch
    {
        _ when name == "trace" && type == "application/zip" => ArtifactKind.Trace,
        _ when type.StartsWith("video/", StringComparison.Ordinal) => ArtifactKind.Video,
        _ when type.StartsWith("image/", StringComparison.Ordinal) => ArtifactKind.Screenshot,
        _ => ArtifactKind.Attachment,
    };

    // "trace" in …/trace-3f2a.zip is called trace.zip
    private static string WithEnding(string name, string? path) =>
        Path.GetExtension(path) is { Length: > 1 and <= 10 } ending && !name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name + ending : name;
}
