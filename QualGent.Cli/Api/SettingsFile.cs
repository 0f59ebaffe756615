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
    AllowTrailingCommas = true,
    WriteIndented = true)]
[JsonSerializable(typeof(Settings))]
internal sealed partial class SettingsJson : JsonSerializerContext;

/// <summary>Finds, reads and writes the settings files.</summary>
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

        if (OfUser(variable) is { } user)
        {
            yield return user;
        }
    }

    /// <summary>The user's own, which need not exist; null where there is no place for it.</summary>
    public static string? OfUser(Func<string, string?> variable)
    {
        var folder = variable("XDG_CONFIG_HOME") ?? (variable("HOME") is { } home ? Path.Combine(home, ".config") : variable("APPDATA"));
        return folder is null ? null : Path.Combine(folder, "qgjob", "config.json");
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

    /// <summary>Writes them; who reads meanwhile sees the file as it was, or whole.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static void Write(string path, Settings settings)
    {
        // Somebody's link into a folder of dotfiles stays one.
        var place = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        var draft = $"{place}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // nobody else's business
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            using (var file = new StreamWriter(draft, options))
            {
                file.WriteLine(JsonSerializer.Serialize(settings, SettingsJson.Default.Settings));
            }

            File.Move(draft, place, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"{path} cannot be written: {e.Message}");
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }
}
