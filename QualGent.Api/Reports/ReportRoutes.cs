namespace QualGent.Api.Reports;

/// <summary>A run as a document: for CI servers and for people.</summary>
internal static class ReportRoutes
{
    public static void MapReports(this IEndpointRouteBuilder v1)
    {
        RunReport.Map(v1);
        RunPage.Map(v1);
    }
}
