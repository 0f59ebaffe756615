using System.Text.Json.Serialization;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;

namespace QualGent.Worker.Artifacts;

/// <summary>What one execution of a job left behind, as it stands on disk until the queue knows all of it.</summary>
public sealed class Execution
{
    private const string LeftOutName = "left-out";

    /// <summary>Proof of the execution.</summary>
    public required JobHandle Job { get; init; }

    public required string OrgId { get; init; }

    /// <summary>Number of the attempt, counted from 1.</summary>
    public required int Attempt { get; init; }

    public required string BatchId { get; init; }

    /// <summary>Round of the batch in which the file ran; 0 when it did not.</summary>
    public required int Round { get; init; }

    /// <summary>When it was made: what cannot be uploaded for long is given up.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>How often the queue was told.</summary>
    public int Revision { get; set; }

    /// <summary>Whether nothing is added any more.</summary>
    public bool Final { get; set; }

    /// <summary>Attachments beyond those that are listed.</summary>
    public int LeftOut { get; set; }

    /// <summary>Names without the attempt; in the order they came.</summary>
    public List<ArtifactView> Files { get; init; } = [];

    /// <summary>What waits to be uploaded.</summary>
    [JsonIgnore]
    public IReadOnlyList<ArtifactView> Waiting => [.. Files.Where(file => file.State == ArtifactState.Pending)];

    /// <summary>What the queue is told.</summary>
    public ExecutionArtifacts Told() => new(Attempt, !Final || Waiting.Count > 0, LeftOut == 0 ? [.. Files] : [.. Files, LeftOutView()]);

    /// <summary>Replaces what is known of a file.</summary>
    public void Replace(ArtifactView before, ArtifactView after) => Files[Files.IndexOf(before)] = after;

    /// <summary>A name that no other file of the execution has: <c>notes/screen.png</c>, <c>notes/screen-2.png</c>.</summary>
    public string NameFor(FoundFile found)
    {
        var wished = string.Join('/', found.Name.Select(ArtifactName.Part));
        var (stem, ending) = (wished[..^Path.GetExtension(wished).Length], Path.GetExtension(wished));
        var name = wished;
        for (var i = 2; Files.Exists(file => file.Name.Equals(name, StringComparison.OrdinalIgnoreCase)); i++)
        {
            name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{stem}-{i}{ending}");
        }

        return name;
    }

    private ArtifactView LeftOutView() => new()
    {
        Name = LeftOutName,
        Kind = ArtifactKind.Attachment,
        ContentType = "application/octet-stream",
        State = ArtifactState.Missing,
        Reason = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{LeftOut} more attachments are not listed."),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Execution))]
internal sealed partial class ArtifactsJson : JsonSerializerContext;
