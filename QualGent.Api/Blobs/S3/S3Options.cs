namespace QualGent.Api.Blobs.S3;

/// <summary>Settings of a bucket, section <c>Blobs:S3</c>. With a bucket's name blobs lie there and not in <c>Blobs:Folder</c>.</summary>
public sealed class S3Options
{
    /// <summary>The bucket, which must exist.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Begins every key, e.g. <c>qualgent/</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Where an S3-compatible server is; empty for Amazon's.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>Region the requests are signed for.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>With <see cref="SecretKey"/>, who asks; without, the AWS SDK looks where it always does: environment, profile, role of the machine.</summary>
    public string AccessKey { get; set; } = "";

    /// <inheritdoc cref="AccessKey"/>
    public string SecretKey { get; set; } = "";

    /// <summary>Whether blobs lie in a bucket.</summary>
    public bool IsChosen => Bucket.Length > 0;

    /// <summary>What is wrong; empty when it can work.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (ServiceUrl.Length > 0 && !(Uri.TryCreate(ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return $"Blobs:S3:ServiceUrl '{ServiceUrl}' is no http or https address.";
        }

        if (AccessKey.Length > 0 != SecretKey.Length > 0)
        {
            yield return "Blobs:S3:AccessKey and Blobs:S3:SecretKey belong together; one of them is missing.";
        }
    }
}
