namespace QualGent.Cli.Api;

/// <summary>Where the API is, and who said so.</summary>
internal sealed record ApiAddress(Uri Uri, string Source)
{
    public const string Default = "http://localhost:5180";

    private const string Variable = "QUALGENT_API_URL";

    // Set by Aspire for a project that references the resource "api".
    private static readonly string[] s_discovery = ["services__api__https__0", "services__api__http__0"];

    /// <summary>The first that is there: option, variables, <c>qgjob.json</c> of the project or a parent, the user's, the default.</summary>
    /// <exception cref="CliException">What was found is no HTTP address, or its file is broken.</exception>
    public static ApiAddress Find(string? option, Surroundings surroundings, string startFolder)
    {
        if (option is not null)
        {
            return Parse(option, "--api-url");
        }

        foreach (var name in (string[])[Variable, .. s_discovery])
        {
            if (surroundings.Variable(name) is { } value)
            {
                return Parse(value, "the variable " + name);
            }
        }

        foreach (var file in SettingsFile.Candidates(startFolder, surroundings.Variable))
        {
            if (SettingsFile.Read(file) is { ApiUrl: { } url })
            {
                return Parse(url, file);
            }
        }

        return Parse(Default, "the default");
    }

    /// <summary>An address as somebody wrote it.</summary>
    /// <exception cref="CliException">It is no HTTP address.</exception>
    public static ApiAddress Parse(string text, string source)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw new CliException(ExitCodes.Usage, $"The API address '{Shown(text)}' from {source} is not usable.", $"Write it as http://host:port, e.g. {Default}.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new CliException(ExitCodes.Usage, $"The API address from {source} holds more than host, port and path.", $"Write it as http://host:port; qgjob sends no user, password or query of it.");
        }

        // Relative paths are resolved below the last slash: http://host/qualgent needs one.
        return new ApiAddress(uri.AbsolutePath.EndsWith('/') ? uri : new UriBuilder(uri) { Path = uri.AbsolutePath + "/" }.Uri, source);
    }

    // What stands before or behind these could be a secret.
    private static string Shown(string text) => text.AsSpan().ContainsAny("@?#") ? "…" : text;
}
