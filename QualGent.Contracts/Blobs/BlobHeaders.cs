namespace QualGent.Contracts;

/// <summary>Headers of the blob calls that are not HTTP's own.</summary>
public static class BlobHeaders
{
    /// <summary>Bytes that an upload that broke off has brought already.</summary>
    public const string UploadOffset = "Upload-Offset";
}
