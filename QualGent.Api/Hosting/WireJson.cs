using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Api.Hosting;

/// <summary>The two ways the API uses the wire types' JSON.</summary>
internal static class WireJson
{
    /// <summary>For bodies that come in: a misspelt or repeated member is an error, not a default silently taken.</summary>
    public static ContractsJson Strict { get; } = new(new JsonSerializerOptions(ContractsJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    });

    /// <summary>For what goes out outside of typed results: quotes in messages stay readable, as typed results write them.</summary>
    public static ContractsJson Readable { get; } = new(new JsonSerializerOptions(ContractsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
