using System.Text.Json.Serialization;
using QualGent.Scheduling.Waiting;

namespace QualGent.Scheduling.Redis;

/// <summary>JSON that scripts read with cjson or that is kept in a hash field.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(List<BeatArgument>))]
[JsonSerializable(typeof(DeviceArgument[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(WaitFacts))]
[JsonSerializable(typeof(AttemptFacts))]
internal sealed partial class QueueJson : JsonSerializerContext;

/// <summary>One device of <c>heartbeat.lua</c>. Numbers travel as text: Lua's would lose digits of a token.</summary>
internal sealed record BeatArgument(string Id, string Epoch, string Digest, IReadOnlyList<IReadOnlyList<string>> Held);

/// <summary>One device of <c>register.lua</c>.</summary>
internal sealed record DeviceArgument(string Id, string Serial, string Provider, string Target, string Platform, string Labels, IReadOnlyList<string> Classes);
