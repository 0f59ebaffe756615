namespace QualGent.Api.Artifacts;

/// <summary>What jobs left behind: under <c>/v1/jobs/{id}/artifacts</c>, and all of a run as <c>/v1/runs/{id}/artifacts.zip</c>.</summary>
internal static class ArtifactRoutes
{
    public static void MapArtifacts(this IEndpointRouteBuilder v1)
    {
        ListArtifacts.Map(v1);
        GetArtifact.Map(v1);
        RunArtifacts.Map(v1);
    }
}
