using System.Globalization;

namespace QualGent.Contracts.Client;

/// <summary>Filters of <c>GET /v1/runs</c>; null means any.</summary>
public sealed record RunQuery
{
    public string? OrgId { get; init; }
    public RunState? State { get; init; }
    public RunVerdict? Verdict { get; init; }
    public string? AppVersionId { get; init; }

    /// <summary>A part of the run's name, in any case.</summary>
    public string? Name { get; init; }

    /// <summary><c>next_cursor</c> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to <see cref="Limits.PageSizeMax"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>E.g. <c>?org_id=acme&amp;verdict=failed</c>, or nothing.</summary>
    public string ToQueryString() => QueryText.Of(
        ("org_id", OrgId),
        ("state", QueryText.Wire(State)),
        ("verdict", QueryText.Wire(Verdict)),
        ("app_version_id", AppVersionId),
        ("name", Name),
        ("cursor", Cursor),
        ("limit", Limit?.ToString(CultureInfo.InvariantCulture)));
}
