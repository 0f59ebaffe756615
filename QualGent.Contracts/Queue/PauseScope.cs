namespace QualGent.Contracts;

/// <summary>What to pause or resume: one build of an organisation, all of an organisation, or with neither id the whole queue.</summary>
public sealed record PauseScope
{
    /// <summary>The organisation.</summary>
    public string? OrgId { get; init; }

    /// <summary>One build of that organisation, for all its requirement classes.</summary>
    public string? AppVersionId { get; init; }

    /// <summary>Mistakes; empty when it can be paused.</summary>
    public IReadOnlyList<FieldError> Validate() =>
    [
        .. OrgId is null ? [] : IdRules.Check(OrgId, "org_id"),
        .. AppVersionId is null ? [] : IdRules.Check(AppVersionId, "app_version_id"),
        .. AppVersionId is not null && OrgId is null ? (FieldError[])[new("org_id", "is required with app_version_id")] : [],
    ];
}

/// <summary>Everything that is paused. Devices finish what they hold; nothing more of it is handed out.</summary>
public sealed record PauseList(IReadOnlyList<PauseScope> Paused);
