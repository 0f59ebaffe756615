namespace QualGent.Contracts;

/// <summary>
/// Headers of a delivery, as the Standard Webhooks specification names them, for which many languages have a verifier. The signature is
/// <c>v1,</c> and the base64 of HMAC-SHA256, keyed with the secret's bytes, over <c>{id}.{timestamp}.{body}</c>.
/// </summary>
public static class HookHeaders
{
    /// <summary>Id of the delivery, the same in every attempt: a receiver that has seen it may answer 200 and do nothing.</summary>
    public const string Id = "webhook-id";

    /// <summary>Seconds since 1970 at which this attempt was made; a receiver refuses old ones, which somebody may have recorded.</summary>
    public const string Timestamp = "webhook-timestamp";

    /// <inheritdoc cref="HookHeaders"/>
    public const string Signature = "webhook-signature";
}
