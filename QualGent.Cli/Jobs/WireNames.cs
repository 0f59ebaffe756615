using System.Text.Json;

namespace QualGent.Cli.Jobs;

/// <summary>Values of an enumeration by the names that the API has for them.</summary>
internal static class WireNames
{
    /// <summary>All of them, for a sentence: <c>queued, running, passed</c>.</summary>
    public static string Of<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    /// <summary>The value of this name, in any case; null when there is none.</summary>
    public static T? Find<T>(string name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
