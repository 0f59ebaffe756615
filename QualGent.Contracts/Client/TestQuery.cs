using System.Globalization;

namespace QualGent.Contracts.Client;

/// <summary>What to list of an organisation's tests.</summary>
public sealed record TestQuery
{
    public required string OrgId { get; init; }

    /// <summary>Only tests that passed, of late, after they had failed.</summary>
    public bool Flaky { get; init; }

    /// <summary><c>next_cursor</c> of the page before: the last path looked at.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to <see cref="Limits.PageSizeMax"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>E.g. <c>?org_id=acme&amp;flaky=true</c>.</summary>
    public string ToQueryString() =>
        $"?org_id={Uri.EscapeDataString(OrgId)}" + (Flaky ? "&flaky=true" : "") + (Cursor is null ? "" : $"&cursor={Uri.EscapeDataString(Cursor)}")
        + (Limit is { } limit ? $"&limit={limit.ToString(CultureInfo.InvariantCulture)}" : "");
}
