namespace QualGent.Contracts;

/// <summary>Stable values of a problem document's <c>code</c>. Programs branch on these, never on texts.</summary>
public static class ProblemCodes
{
    public const string InvalidRequest = "invalid_request";
    public const string MalformedJson = "malformed_json";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string BodyTooLarge = "body_too_large";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string NoTests = "no_tests";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string QueueFull = "queue_full";
    public const string NotEnded = "not_ended";
    public const string NothingToRerun = "nothing_to_rerun";
    public const string PausesFull = "pauses_full";
    public const string HostNotAllowed = "host_not_allowed";
    public const string CrossSiteRequest = "cross_site_request";
    public const string StoreUnavailable = "store_unavailable";
    public const string BlobMissing = "blob_missing";
    public const string DigestMismatch = "digest_mismatch";
    public const string BlobTooLarge = "blob_too_large";
    public const string UploadOffset = "upload_offset";
    public const string ArtifactPending = "artifact_pending";
    public const string ArtifactMissing = "artifact_missing";
    public const string AppTaken = "app_taken";
    public const string AppsFull = "apps_full";
    public const string HooksFull = "hooks_full";
    public const string QuarantineFull = "quarantine_full";
    public const string StorageFull = "storage_full";
    public const string OrgStorageFull = "org_storage_full";
    public const string InternalError = "internal_error";
}
