using System.Diagnostics;
using OpenTelemetry;

namespace QualGent.ServiceDefaults;

/// <summary>
/// Whoever asks with HEAD whether something is there, a blob before its upload say, takes 404 as an answer: in a trace that
/// is no error.
/// </summary>
internal sealed class ExpectedAbsence : BaseProcessor<Activity>
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data is { Source.Name: "System.Net.Http", Status: ActivityStatusCode.Error }
            && data.GetTagItem("http.request.method") is "HEAD" && data.GetTagItem("http.response.status_code") is 404)
        {
            data.SetStatus(ActivityStatusCode.Unset).SetTag("error.type", null);
        }
    }
}
