namespace QualGent.Api.Hosting;

/// <summary>
/// Host names a request may be addressed to: this machine's own, and those of the setting <c>AllowedHosts</c>, separated by
/// semicolons; <c>*</c> allows all. A web page that points its own name at 127.0.0.1 is stopped here.
/// </summary>
internal sealed class AllowedHosts(string? setting)
{
    private readonly HashSet<string> _names = new(
        ["localhost", "127.0.0.1", "[::1]", .. (setting ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        StringComparer.OrdinalIgnoreCase);

    public bool Allows(string host) => _names.Contains(host) || _names.Contains("*");
}
