using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Worker.Processes;

/// <summary>
/// The process groups a batch started, written by its supervisor before they run a line of foreign code:
/// <c>{"pgid":4711,"start":"918273","what":"appwright"}</c>
/// </summary>
internal static class GroupsFile
{
    /// <summary>Name of the file inside a batch's folder.</summary>
    public const string Name = "groups.jsonl";

    /// <summary>Group leaders of that file; a line that a crash cut off names nobody.</summary>
    public static IReadOnlyList<GroupLeader> Read(string batchFolder)
    {
        var file = Path.Combine(batchFolder, Name);
        return File.Exists(file) ? [.. File.ReadLines(file).Select(Parse).OfType<GroupLeader>()] : [];
    }

    private static GroupLeader? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, GroupsJson.Default.GroupLeader) is { Pgid: > 1, Start.Length: > 0 } leader ? leader : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>First process of a group.</summary>
internal sealed record GroupLeader(int Pgid, string Start, string? What);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GroupLeader))]
internal sealed partial class GroupsJson : JsonSerializerContext;
