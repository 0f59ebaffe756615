using QualGent.Api.Blobs;
using QualGent.Contracts;

namespace QualGent.Api.Problems;

/// <summary>What the blob store refuses.</summary>
internal static partial class ProblemResults
{
    /// <summary>The answer to an upload that was not stored.</summary>
    public static ProblemResult Refused(BlobPut result) => result switch
    {
        BlobPut.WrongDigest wrong => new(new Problem
        {
            Title = "The content has another digest",
            Status = StatusCodes.Status422UnprocessableEntity,
            Code = ProblemCodes.DigestMismatch,
            Detail = $"Nothing was stored. The bytes that came have the SHA-256 {wrong.Actual}; the file may have changed while it was sent.",
            Errors = [new("sha256", "is not the SHA-256 of the body")],
        }),
        BlobPut.TooLarge tooLarge => new(new Problem
        {
            Title = "The blob is too large",
            Status = StatusCodes.Status413PayloadTooLarge,
            Code = ProblemCodes.BlobTooLarge,
            Detail = $"Nothing was stored. At most {tooLarge.BytesMax} bytes are accepted; the operator can raise Blobs:BytesMax.",
        }),
        BlobPut.OrgFull full => new(new Problem
        {
            Title = "The organisation's storage is full",
            Status = StatusCodes.Status507InsufficientStorage,
            Code = ProblemCodes.OrgStorageFull,
            Detail = $"Nothing was stored. The organisation may keep {full.OrgBytesMax} bytes. What nothing refers to any more goes by itself; the operator can raise Blobs:OrgBytesMax.",
        }),
        BlobPut.StorageFull => new(new Problem
        {
            Title = "The storage is full",
            Status = StatusCodes.Status507InsufficientStorage,
            Code = ProblemCodes.StorageFull,
            Detail = "Nothing was stored. The disk of the blob store has no room left; the operator must make some, then the upload can be repeated.",
        }),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no refusal."),
    };

    /// <summary>The answer to a submission whose bundle nobody has uploaded, or that was removed since.</summary>
    public static ProblemResult BundleMissing(BlobName bundle) => new(new Problem
    {
        Title = "The bundle is not there",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.BlobMissing,
        Detail = $"Nothing was stored. Organisation '{bundle.OrgId}' has no blob {bundle.Digest}: upload it with PUT /v1/orgs/{bundle.OrgId}/blobs/{bundle.Digest}, then submit again.",
        Errors = [new("bundle", "is no blob of the organisation")],
    });

    /// <summary>The answer to the registration of a build whose file nobody has uploaded.</summary>
    public static ProblemResult AppFileMissing(BlobName file) => new(new Problem
    {
        Title = "The build's file is not there",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.BlobMissing,
        Detail = $"Nothing was stored. Organisation '{file.OrgId}' has no blob {file.Digest}: upload it with PUT /v1/orgs/{file.OrgId}/blobs/{file.Digest} first; 'qgjob app upload' does both.",
        Errors = [new("sha256", "is no blob of the organisation")],
    });

    public static ProblemResult AppTaken(string appVersionId, string sha256) => new(new Problem
    {
        Title = "The app version belongs to another file",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.AppTaken,
        Detail = $"Nothing was changed. '{appVersionId}' is the file with the SHA-256 {sha256}. Choose another id, or set 'replace' (qgjob: --replace); runs accepted before keep their file.",
        Errors = [new("app_version_id", "is registered with another file")],
    });

    public static ProblemResult AppsFull() => new(new Problem
    {
        Title = "The organisation has too many builds",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.AppsFull,
        Detail = $"Nothing was stored. At most {Limits.AppsPerOrg} builds can be registered. Remove some with DELETE /v1/orgs/{{org}}/apps/{{app_version_id}}.",
    });

    public static ProblemResult BlobsUnavailable() => new(
        new Problem
        {
            Title = "The blob store does not answer",
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = ProblemCodes.StoreUnavailable,
            Detail = "Nothing was stored. The bucket of the blob store is away or refuses; the reason is in the log of the API. Send the request again.",
        },
        s_storeRetryAfter);

    public static ProblemResult QuarantineFull() => new(new Problem
    {
        Title = "The organisation has too many tests in quarantine",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.QuarantineFull,
        Detail = $"Nothing was stored. At most {Limits.QuarantinedTests} tests can be in quarantine. Release some with 'qgjob test release' or DELETE /v1/orgs/{{org}}/quarantine?test_path=….",
    });

    public static ProblemResult WrongOffset(long offset) => new(new Problem
    {
        Title = "The upload cannot go on there",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.UploadOffset,
        Detail = $"Nothing was stored. {offset} bytes of the blob have come so far: go on from there, or send it from the start without Content-Range.",
    });
}
