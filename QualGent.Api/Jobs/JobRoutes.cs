using QualGent.Api.Runs;

namespace QualGent.Api.Jobs;

/// <summary>Everything under <c>/v1/jobs</c>.</summary>
internal static class JobRoutes
{
    public static void MapJobs(this IEndpointRouteBuilder v1)
    {
        var jobs = v1.MapGroup("/jobs").WithTags("Jobs");
        SubmitJob.Map(jobs);
        ListJobs.Map(jobs);
        GetJob.Map(jobs);
        GetResults.Map(jobs);
        WhyJob.Map(jobs);
        CancelJob.Map(jobs);
        RerunRoutes.MapRetry(jobs);
    }
}
