namespace QualGent.Contracts;

/// <summary>Checks a new hook and reports every mistake at once. Whether its address may be called is known to the server alone.</summary>
public static class HookValidator
{
    /// <summary>Mistakes; empty when the hook may be stored.</summary>
    public static IReadOnlyList<FieldError> Validate(string orgId, AddHookRequest request) =>
    [
        .. IdRules.Check(orgId, "org_id"),
        .. CheckUrl(request.Url),
        .. CheckEvents(request.Events),
        .. request.Secret is { } secret ? HookSecret.Check(secret, "secret") : [],
    ];

    private static IEnumerable<FieldError> CheckUrl(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            yield return new("url", "is required");
        }
        else if (text.Length > Limits.HookUrlLength || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || !HasHost(url))
        {
            yield return new("url", $"must be an address that begins with https:// (or http://) and a host, of at most {Limits.HookUrlLength} characters");
        }
        else if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            yield return new("url", "must have no user name, password or #fragment; the signature tells the receiver who calls");
        }
    }

    // What is no host may pass for one in an address, and whether a name in other letters than ASCII's can be looked up shows only when that is asked for.
    private static bool HasHost(Uri url)
    {
        try
        {
            return url.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 && url.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    private static IEnumerable<FieldError> CheckEvents(IReadOnlyList<string>? events)
    {
        if (events is not null && (events.Count == 0 || events.Distinct(StringComparer.Ordinal).Count() < events.Count || events.Except(HookEvents.All).Any()))
        {
            yield return new("events", $"must name one or more of {string.Join(", ", HookEvents.All)}, each once");
        }
    }
}
