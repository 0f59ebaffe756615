namespace QualGent.Api.Compatibility;

/// <summary>The two calls of the Python reference, for its clients: its field names, its habits, its way to report mistakes.</summary>
internal static class CompatibilityRoutes
{
    public static void MapCompatibility(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Reference");
        SubmitReferenceJob.Map(jobs);
        GetReferenceJob.Map(jobs);
    }
}
