namespace QualGent.Api.Runs;

/// <summary>Everything under <c>/v1/runs</c>.</summary>
internal static class RunRoutes
{
    public static void MapRuns(this IEndpointRouteBuilder v1)
    {
        var runs = v1.MapGroup("/runs").WithTags("Runs");
        SubmitRun.Map(runs);
        ListRuns.Map(runs);
        GetRun.Map(runs);
        CancelRun.Map(runs);
        RenewRun.Map(runs);
        RerunRoutes.MapRerunFailed(runs);
        WatchRun.Map(runs);
    }
}
