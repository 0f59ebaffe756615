using System.Diagnostics;

namespace QualGent.Api.Jobs;

/// <summary>The W3C trace parent stored with a submission, so that its trace goes on in the agent, e.g. <c>00-4bf9…-00f0…-01</c>.</summary>
internal static class TraceParents
{
    public static string? Current() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
