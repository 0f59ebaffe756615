using System.Globalization;

namespace QualGent.Contracts;

/// <summary>The named priorities. Inside an organisation a higher number is claimed first; waiting ages a job upwards.</summary>
public static class Priorities
{
    /// <summary>The names, for help and error texts.</summary>
    public const string Names = "low (2), normal (5), high (7), urgent (9)";

    /// <summary>Reads <c>"7"</c> or <c>"high"</c>; does not check the range.</summary>
    public static bool TryParse(string? text, out int priority)
    {
        priority = text?.Trim().ToLowerInvariant() switch
        {
            "low" => 2,
            "normal" => 5,
            "high" => 7,
            "urgent" => 9,
            _ => -1,
        };
        return priority >= 0 || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority);
    }
}
