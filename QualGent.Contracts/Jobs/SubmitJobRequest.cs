using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>
/// What one job or all jobs of a run have in common. Everything is nullable so that a missing field is reported by
/// <see cref="SubmissionValidator"/> together with all other mistakes instead of stopping the JSON reader.
/// </summary>
public abstract record SubmitSettings
{
    /// <summary>Tenant; required; <see cref="Limits.IdLength"/>.</summary>
    public string? OrgId { get; init; }

    /// <summary>App build under test; required; <see cref="Limits.IdLength"/>. Jobs of one build share installs.</summary>
    public string? AppVersionId { get; init; }

    /// <summary>0–9 or a name; higher first; default <see cref="Limits.PriorityDefault"/>.</summary>
    [JsonConverter(typeof(PriorityConverter))]
    public int? Priority { get; init; }

    /// <summary>One of <see cref="Targets"/>; default <see cref="Targets.Emulator"/>.</summary>
    public string? Target { get; init; }

    /// <summary>One of <see cref="Platforms"/>; default <see cref="Platforms.Android"/>.</summary>
    public string? Platform { get; init; }

    /// <summary>Labels a device must have, e.g. <c>{"os":"14"}</c>.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Playwright project; default: the only one that fits the platform.</summary>
    public string? Project { get; init; }

    /// <summary>SHA-256 of a bundle, a blob that the organisation has uploaded: where the test code comes from. Default: the agent's own test root.</summary>
    public string? Bundle { get; init; }

    /// <summary>One of <see cref="ResetModes"/>; default <see cref="ResetModes.Clear"/>.</summary>
    public string? Reset { get; init; }

    /// <summary>Attempts that test failures may use up, 1–<see cref="Limits.AttemptsMax"/>; default <see cref="Limits.AttemptsDefault"/>.</summary>
    public int? AttemptsMax { get; init; }

    /// <summary>Seconds one test file may run; default <see cref="Limits.TimeoutSecondsDefault"/>.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Seconds a job may wait for a device; default <see cref="Limits.QueueTimeoutSecondsDefault"/>.</summary>
    public int? QueueTimeoutSeconds { get; init; }

    /// <summary>
    /// One of <see cref="DedupModes"/>: a test that an unfinished job of the organisation, itself submitted so, does already (same build, bundle, device
    /// requirements, project, reset mode, attempts and time-outs) is attached to that job instead of queued. Needs <see cref="Bundle"/>; not with
    /// <see cref="NotBefore"/>. Default: everything is queued.
    /// </summary>
    public string? Dedup { get; init; }

    /// <summary>
    /// Seconds the whole run may take from its submission, or from <see cref="NotBefore"/>; then what has not ended is cancelled. Default: no limit.
    /// </summary>
    public int? RunTimeoutSeconds { get; init; }

    /// <summary>
    /// Seconds after which the run is cancelled unless its submitter has asked for <c>POST /v1/runs/{id}/renew</c>: a CI job that was
    /// killed gives its devices back. Default: nobody has to.
    /// </summary>
    public int? LeaseSeconds { get; init; }

    /// <summary>Nothing starts before this instant, from which waiting counts; at most <see cref="Limits.NotBeforeDaysMax"/> days ahead. One in the past means now.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>Body of <c>POST /v1/jobs</c>: one test file, in a run of its own.</summary>
public sealed record SubmitJobRequest : SubmitSettings
{
    /// <summary>Test file, relative to the project folder, forward slashes; required.</summary>
    public string? TestPath { get; init; }
}
