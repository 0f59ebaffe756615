using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Worker.Batches;

/// <summary>First line to the supervisor: everything about the batch but its files.</summary>
public sealed record OpenMessage
{
    public string Type => "open";
    public int V => 1;
    public required string Batch { get; init; }
    public required string Out { get; init; }
    public required string ProjectDir { get; init; }
    public required string Config { get; init; }
    public required string Project { get; init; }
    public required OpenDevice Device { get; init; }
    public required int AppiumPort { get; init; }
    public required int SystemPort { get; init; }
    public required OpenApp App { get; init; }
    public required bool AppInstalled { get; init; }
    public required string Reset { get; init; }
    public required long TestTimeoutMs { get; init; }
    public required long IdleTimeoutMs { get; init; }
    public required long CancelGraceMs { get; init; }
    public required IReadOnlyDictionary<string, string> Env { get; init; }
    public required string GroupsFile { get; init; }
    public required string LeaseDeadlineNs { get; init; }
}

/// <summary>The device of an <see cref="OpenMessage"/>.</summary>
public sealed record OpenDevice(string Udid, string Kind, IReadOnlyDictionary<string, string> Caps, string StateDir);

/// <summary>The app of an <see cref="OpenMessage"/>.</summary>
public sealed record OpenApp(string Path, string Sha256);

/// <summary>Run these files in one AppWright process.</summary>
public sealed record RunMessage(int Round, IReadOnlyList<string> Files)
{
    public string Type => "run";
}

/// <summary>The lease's new end, in nanoseconds of the monotonic clock.</summary>
public sealed record LeaseMessage(string DeadlineNs)
{
    public string Type => "lease";
}

/// <summary>A message without content: <c>yield</c>, <c>cancel</c>, <c>close</c>.</summary>
public sealed record PlainMessage(string Type)
{
    /// <summary>End at the next file boundary.</summary>
    public static PlainMessage Yield { get; } = new("yield");

    /// <summary>End the round now.</summary>
    public static PlainMessage Cancel { get; } = new("cancel");

    /// <summary>Nothing follows.</summary>
    public static PlainMessage Close { get; } = new("close");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenMessage))]
[JsonSerializable(typeof(RunMessage))]
[JsonSerializable(typeof(LeaseMessage))]
[JsonSerializable(typeof(PlainMessage))]
[JsonSerializable(typeof(SupervisorEvent))]
internal sealed partial class SupervisorJson : JsonSerializerContext
{
    /// <summary>One line for a message.</summary>
    public static string Line<T>(T message) => JsonSerializer.Serialize(message, typeof(T), Default);
}
