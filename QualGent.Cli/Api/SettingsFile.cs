using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Cli.Api;

/// <summary>What a <c>qgjob.json</c> may say, e.g. <c>{ "api_url": "http://build-host:5180" }</c>.</summary>
internal sealed record Settings
{
    public string? ApiUrl { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(Settings))]
internal sealed partial class SettingsJson : JsonSerializerContext;

/// <summary>Finds and reads the settings files.</summary>
internal static class SettingsFile
{
    public const string Name = "qgjob.json";

    /// <summary>The project's and its parents', nearest first, then the user's.</summary>
    public static IEnumerable<string> Candidates(string startFolder, Func<string, string?> variable)
    {
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, Name);
        }

        var user = variable("XDG_CONFIG_HOME") ?? (variable("HOME") is { } home ? Path.Combine(home, ".config") : variable("APPDATA"));
        if (user is not null)
        {
            yield return Path.Combine(user, "qgjob", "config.json");
        }
    }

    /// <summary>The settings, or null when there is no such file.</summary>
    /// <exception cref="CliException">It cannot be read, is no JSON, or says something unknown.</exception>
    public static Settings? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), SettingsJson.Default.Settings) : null;
        }
        catch (JsonException e)
        {
            // The reader counts from 0, people and editors from 1. Its message repeats the position behind " Path:".
            var position = e.LineNumber is { } line ? FormattableString.Invariant($":{line + 1}:{e.BytePositionInLine + 1}") : "";
            throw new CliException(ExitCodes.Usage, $"{path}{position}: {e.Message.Split(" Path:")[0]}", """It should look like { "api_url": "http://localhost:5180" }.""");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"{path} cannot be read: {e.Message}");
        }
    }
}
