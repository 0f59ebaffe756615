using System.Text.Json;
using QualGent.Contracts;
using QualGent.Worker.Batches;

namespace QualGent.Worker.TestCode;

/// <summary>Refuses projects whose locked versions cannot work, with what to write instead.</summary>
public static class ToolVersions
{
    private static readonly Version s_appwrightMin = new(0, 1, 1);
    private static readonly Version s_playwrightTooNew = new(1, 60);
    private static readonly Version s_appiumMin = new(2, 0);
    private static readonly Version s_appiumTooNew = new(3, 0);

    /// <summary>Checks a project's <c>package-lock.json</c>, before anything is installed.</summary>
    /// <exception cref="BatchRefusedException">A version cannot work, or nothing is locked.</exception>
    public static void Check(string projectFolder)
    {
        var locked = ReadLock(projectFolder);
        if (Find(locked, "appwright") is not { } appwright || appwright < s_appwrightMin)
        {
            throw Unsupported($"This project locks {Name(locked, "appwright")}; version {s_appwrightMin} or later is needed. Write: npm install --save-dev appwright@0.1.1 @playwright/test@1.59.1 appium@2.19.0, and commit package-lock.json.");
        }

        if (Find(locked, "@playwright/test") is { } playwright && playwright >= s_playwrightTooNew)
        {
            throw Unsupported($"This project locks {Name(locked, "@playwright/test")}, which rejects AppWright's configuration (its fixture \"device\" may no longer be set there since 1.60). Write: npm install --save-dev --save-exact @playwright/test@1.59.1, and commit package-lock.json.");
        }

        if (Find(locked, "appium") is not { } appium || appium < s_appiumMin || appium >= s_appiumTooNew)
        {
            throw Unsupported($"This project locks {Name(locked, "appium")}; AppWright works with Appium 2. Write: npm install --save-dev --save-exact appium@2.19.0, and commit package-lock.json.");
        }
    }

    private static BatchRefusedException Unsupported(string message) => BatchRefusedException.Failed(VerdictCodes.UnsupportedVersion, message);

    private static JsonElement ReadLock(string projectFolder)
    {
        var file = Path.Combine(projectFolder, "package-lock.json");
        if (!File.Exists(file))
        {
            throw Unsupported("This project has no package-lock.json next to its configuration, so nobody knows which versions its tests were written for. Write: npm install, and commit package-lock.json.");
        }

        try
        {
            // {"lockfileVersion":3,"packages":{"":{…},"node_modules/appwright":{"version":"0.1.1",…},…}}
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.GetProperty("packages").Clone();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unsupported($"This project's package-lock.json cannot be read ({e.Message}). Write: npm install with npm 7 or later, and commit the file.");
        }
    }

    private static string? Text(JsonElement locked, string package) =>
        locked.TryGetProperty("node_modules/" + package, out var entry) && entry.TryGetProperty("version", out var version) ? version.GetString() : null;

    private static string Name(JsonElement locked, string package) => Text(locked, package) is { } version ? $"{package} {version}" : $"no {package}";

    // A pre-release counts as its release: 1.60.0-beta.1 has the change already.
    private static Version? Find(JsonElement locked, string package) => Version.TryParse(Text(locked, package)?.Split('-', '+')[0], out var version) ? version : null;
}
