namespace QualGent.Contracts;

/// <summary>What files of app builds are called, and what is wrong with a registration.</summary>
public static class AppFiles
{
    private static readonly (string Ending, string Platform)[] s_kinds =
    [
        (".apk", Platforms.Android), (".aab", Platforms.Android), (".apks", Platforms.Android), (".ipa", Platforms.Ios), (".app.zip", Platforms.Ios),
    ];

    /// <summary>For messages.</summary>
    public static string Endings => string.Join(", ", s_kinds.Select(kind => kind.Ending));

    /// <summary>The platform of a file by its name, or null when it is no build of an app.</summary>
    public static string? PlatformOf(string fileName) => s_kinds.FirstOrDefault(kind => fileName.EndsWith(kind.Ending, StringComparison.OrdinalIgnoreCase)).Platform;

    /// <summary>Every mistake in a registration.</summary>
    public static IReadOnlyList<FieldError> Validate(string orgId, string appVersionId, RegisterAppRequest request) =>
        [.. IdRules.Check(orgId, "org_id"), .. IdRules.Check(appVersionId, "app_version_id"), .. BlobDigest.Check(request.Sha256, "sha256"), .. CheckName(request.FileName)];

    private static IEnumerable<FieldError> CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            yield return new("file_name", "is required");
        }
        else if (name.Length > Limits.NameLength || name.AsSpan().IndexOfAny('/', '\\') >= 0 || name.Any(char.IsControl))
        {
            yield return new("file_name", $"must be a file's name without folders, of at most {Limits.NameLength} characters");
        }
        else if (PlatformOf(name) is null)
        {
            yield return new("file_name", $"must end with one of {Endings}");
        }
    }
}
