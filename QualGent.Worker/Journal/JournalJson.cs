using System.Text.Json.Serialization;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Journal;

/// <summary>One line of the journal: a report, or the note that it was answered.</summary>
/// <param name="Report">What is to be reported.</param>
/// <param name="Done">Key of a report that needs nothing more.</param>
public sealed record JournalLine(JobReport? Report, string? Done);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
