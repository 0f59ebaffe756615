using System.Text.Json;

namespace QualGent.Worker.Devices;

/// <summary>How AppWright reaches one virtual phone.</summary>
/// <param name="Udid">Its name for Appium.</param>
/// <param name="AppiumPort">Port of its Appium; the next one is the driver's.</param>
/// <param name="StateFolder">Where the phone keeps what is installed on it.</param>
public sealed record AppWrightDevice(string Udid, int AppiumPort, string StateFolder)
{
    /// <summary>
    /// What the phone itself says it carries, e.g. after a restart of the agent; null when that is nothing, or not one build.
    /// Its state: <c>{"apps":{"com.example.notes":{"versionName":"1.0.0","sha256":"9f2c…"}}}</c>
    /// </summary>
    public string? ReadInstalledDigest()
    {
        var file = Path.Combine(StateFolder, Udid + ".state.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var state = JsonDocument.Parse(File.ReadAllBytes(file));
            var apps = state.RootElement.GetProperty("apps").EnumerateObject().ToList();
            return apps is [var only] ? only.Value.GetProperty("sha256").GetString() : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            return null; // The next session looks at the phone itself.
        }
    }
}
