using System.Text.RegularExpressions;

namespace QualGent.Contracts;

/// <summary>What the ids that clients choose (organisations, app versions) look like.</summary>
public static partial class IdRules
{
    /// <summary>The mistake in an id, if there is one.</summary>
    public static IEnumerable<FieldError> Check(string? id, string field)
    {
        if (string.IsNullOrEmpty(id))
        {
            yield return new(field, "is required");
        }
        else if (id.Length > Limits.IdLength || !Id().IsMatch(id))
        {
            yield return new(field, $"must be 1 to {Limits.IdLength} letters, digits or any of . _ - + and start with a letter or digit");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]*\z")]
    private static partial Regex Id();
}
