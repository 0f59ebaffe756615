using System.ComponentModel.DataAnnotations;

namespace QualGent.Api.Hooks;

/// <summary>Settings of web hooks, section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Webhooks";

    /// <summary>
    /// Whether hooks may be called on private, loopback, link-local and other addresses that are not public. Off, because whoever may add a
    /// hook could otherwise make this server talk to everything that it can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Time an attempt may take, from the resolution of the name to the head of the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Delay behind the first attempt that fails; it doubles from attempt to attempt, and half of it is left to chance.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest delay between two attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan RetryLongest { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Age at which a delivery is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);
}
