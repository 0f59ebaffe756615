using System.Text;
using System.Text.RegularExpressions;

namespace QualGent.Worker.Logs;

/// <summary>
/// Makes secrets in printed text unreadable: values of environment variables whose names say that they are secret, and tokens
/// that are known by their shape. What it replaces becomes <c>***</c>; it would rather hide too much than too little.
/// </summary>
public sealed partial class SecretMask
{
    private const string Hidden = "***";
    private const int ShortestValue = 6;
    private readonly IReadOnlyList<string> _values;

    /// <param name="environment">Variables of the agent and of its tests.</param>
    public SecretMask(IEnumerable<KeyValuePair<string, string>> environment) => _values =
    [
        .. environment.Where(variable => SecretName().IsMatch(variable.Key))
            .SelectMany(variable => variable.Value.Split('\n', StringSplitOptions.TrimEntries))
            .Where(value => value.Length >= ShortestValue)
            .SelectMany(value => (string[])[value, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value))]) // as MaskedText reads it
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(value => value.Length), // one may contain another
    ];

    /// <summary>The text with every secret hidden.</summary>
    public string Apply(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, Hidden, StringComparison.Ordinal);
        }

        text = Token().Replace(text, Hidden);
        text = Authorization().Replace(text, "$1 " + Hidden);
        text = UserInfo().Replace(text, "$1" + Hidden + "@");
        return Assignment().Replace(text, "$1" + Hidden);
    }

    // API_TOKEN, DB_PASSWORD, ConnectionStrings__redis, AWS_SECRET_ACCESS_KEY, STRIPE_KEY
    [GeneratedRegex("secret|token|passw|passphrase|credential|connectionstring|_key$|apikey|accesskey|privatekey|^pwd_|_pwd$|_auth$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // ghp_16C7e42F…, github_pat_…, glpat-…, xoxb-…, npm_…, AKIAIOSFODNN7EXAMPLE, eyJhbGciOi….eyJzdWIi….SflKxw…
    [GeneratedRegex(@"\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}|\bxox[abeprs]-[\w-]{10,}|\bnpm_[A-Za-z0-9]{20,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\beyJ[\w-]{6,}\.eyJ[\w-]{6,}(?:\.[\w-]*)?")]
    private static partial Regex Token();

    // Authorization: Bearer abc.def-ghi
    [GeneratedRegex(@"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Authorization();

    // redis://user:password@host
    [GeneratedRegex(@"(://[^/\s:@]*:)[^/\s@]+@")]
    private static partial Regex UserInfo();

    // localhost:6379,password=abc · AccountKey=abc; · "client_secret": "abcdefgh" · aws_secret_access_key = abc
    [GeneratedRegex(@"((?:password|passwd|pwd|secret|token|api_?key|access_?key|account_?key)\w{0,20}[""']?(?:\s*=\s*[""']?(?=[^\s;,""'&]{3})|\s*:\s*[""']?(?=[^\s;,""'&]{8})))[^\s;,""'&]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
