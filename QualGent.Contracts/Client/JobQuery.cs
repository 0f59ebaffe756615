using System.Globalization;

namespace QualGent.Contracts.Client;

/// <summary>Filters of <c>GET /v1/jobs</c>; null means any.</summary>
public sealed record JobQuery
{
    public string? OrgId { get; init; }
    public string? RunId { get; init; }
    public JobStatus? Status { get; init; }
    public string? AppVersionId { get; init; }
    public string? Target { get; init; }

    /// <summary><c>next_cursor</c> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to <see cref="Limits.PageSizeMax"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>E.g. <c>?org_id=acme&amp;limit=10</c>, or nothing.</summary>
    public string ToQueryString() => QueryText.Of(
        ("org_id", OrgId),
        ("run_id", RunId),
        ("status", QueryText.Wire(Status)),
        ("app_version_id", AppVersionId),
        ("target", Target),
        ("cursor", Cursor),
        ("limit", Limit?.ToString(CultureInfo.InvariantCulture)));
}
