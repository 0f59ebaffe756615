namespace QualGent.Contracts;

/// <summary>An address of an organisation that is called when something ends. Its secret is never shown again.</summary>
public sealed record HookView
{
    /// <summary><c>hook_…</c></summary>
    public required string Id { get; init; }

    public required string OrgId { get; init; }
    public required string Url { get; init; }

    /// <summary>What it is called for, of <see cref="HookEvents"/>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Deliveries that have not succeeded yet and are still tried.</summary>
    public int? Waiting { get; init; }

    /// <summary>Deliveries that were never tried because <see cref="Limits.HookDeliveriesWaiting"/> others waited.</summary>
    public int? Skipped { get; init; }
}

/// <summary>The hooks of an organisation, oldest first.</summary>
public sealed record HookList(IReadOnlyList<HookView> Hooks);

/// <summary>Body of <c>POST /v1/orgs/{org}/hooks</c>.</summary>
public sealed record AddHookRequest
{
    /// <summary>Where to POST to: http or https, required.</summary>
    public string? Url { get; init; }

    /// <summary>What to call it for, of <see cref="HookEvents"/>; default: the end of runs.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Key of the signatures in the form of <see cref="HookSecret"/>; default: a new one.</summary>
    public string? Secret { get; init; }
}

/// <summary>Answer to <c>POST /v1/orgs/{org}/hooks</c>.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Secret">Key of the signatures; the only time it is shown.</param>
/// <param name="Warnings">What the caller should know although nothing is wrong.</param>
public sealed record AddHookResponse(HookView Hook, string Secret, IReadOnlyList<string> Warnings);
