using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Orgs;

/// <summary>Everything under <c>/v1/orgs</c>.</summary>
internal static class OrgRoutes
{
    public static void MapOrgs(this IEndpointRouteBuilder v1)
    {
        var orgs = v1.MapGroup("/orgs").WithTags("Organisations");
        orgs.MapGet("/{org}", GetAsync)
            .WithName("GetOrg")
            .WithSummary("An organisation's weight, limits and use. One that never submitted anything has the defaults.")
            .Refuses(422);
        orgs.MapPatch("/{org}", ChangeAsync)
            .WithName("ChangeOrg")
            .WithSummary("Changes weight, cap, the limit of queued jobs or whether npm packages may run scripts, from the next claim and submission on.")
            .WithDescription("Settings that are left out stay as they are. A cap lowered below the devices in use ends nothing: the organisation gets no new device until it is below.")
            .Accepts<OrgChange>("application/json")
            .Refuses(400, 413, 415, 422);
    }

    private static async Task<Results<Ok<OrgView>, ProblemResult>> GetAsync(string org, IQueueControl control, CancellationToken cancellationToken) =>
        IdRules.Check(org, "org_id").ToArray() is { Length: > 0 } errors ? ProblemResults.InvalidRequest(errors) : TypedResults.Ok(await control.GetOrgAsync(org, cancellationToken));

    private static async Task<Results<Ok<OrgView>, ProblemResult>> ChangeAsync(string org, HttpContext context, IQueueControl control)
    {
        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.OrgChange, withHash: false, context.RequestAborted);
        if (!body.IsRead)
        {
            return body.Problem;
        }

        var errors = OrgChangeValidator.Validate(org, body.Value);
        return errors.Count > 0 ? ProblemResults.InvalidRequest(errors) : TypedResults.Ok(await control.ChangeOrgAsync(org, body.Value, context.RequestAborted));
    }
}
