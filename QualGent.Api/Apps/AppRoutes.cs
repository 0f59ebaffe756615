using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Blobs;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Apps;

/// <summary>Everything under <c>/v1/orgs/{org}/apps</c>.</summary>
internal static class AppRoutes
{
    public static void MapApps(this IEndpointRouteBuilder v1)
    {
        var apps = v1.MapGroup("/orgs/{org}/apps").WithTags("Apps");
        apps.MapGet("/", ListAsync)
            .WithName("ListApps")
            .WithSummary("The registered builds of an organisation, newest first.")
            .Refuses(422);
        apps.MapGet("/{appVersionId}", GetAsync)
            .WithName("GetApp")
            .WithSummary("One registered build.")
            .Refuses(404, 422);
        apps.MapPut("/{appVersionId}", PutAsync)
            .WithName("RegisterApp")
            .WithSummary("Registers the build that an app version means from now on; its file was uploaded as a blob before.")
            .WithDescription("201 when new, 200 when known. Another file under a known id is refused unless 'replace' is true; runs accepted before keep theirs.")
            .Accepts<RegisterAppRequest>("application/json")
            .Refuses(400, 409, 413, 415, 422);
        apps.MapDelete("/{appVersionId}", RemoveAsync)
            .WithName("RemoveApp")
            .WithSummary("Forgets a build; runs accepted before keep theirs.")
            .Refuses(404, 422);
    }

    private static async Task<Results<Ok<AppList>, ProblemResult>> ListAsync(string org, IAppRegistry apps, CancellationToken cancellationToken) =>
        IdRules.Check(org, "org_id").ToArray() is { Length: > 0 } errors ? ProblemResults.InvalidRequest(errors) : TypedResults.Ok(await apps.ListAsync(org, cancellationToken));

    private static async Task<Results<Ok<AppView>, ProblemResult>> GetAsync(string org, string appVersionId, IAppRegistry apps, CancellationToken cancellationToken) =>
        Mistakes(org, appVersionId) ?? (await apps.GetAsync(org, appVersionId, cancellationToken) is { } app ? TypedResults.Ok(app) : (Results<Ok<AppView>, ProblemResult>)ProblemResults.NotFound("app version", appVersionId));

    private static async Task<Results<Created<AppView>, Ok<AppView>, ProblemResult>> PutAsync(string org, string appVersionId, HttpContext context, IAppRegistry apps, IBlobStore store, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.RegisterAppRequest, withHash: false, context.RequestAborted);
        if (!body.IsRead)
        {
            return body.Problem;
        }

        var errors = AppFiles.Validate(org, appVersionId, body.Value);
        if (errors.Count > 0)
        {
            return ProblemResults.InvalidRequest(errors);
        }

        var name = new BlobName(org, body.Value.Sha256!);
        if (await store.TouchAsync(name, context.RequestAborted) is not { } bytes)
        {
            return ProblemResults.AppFileMissing(name);
        }

        AppFacts facts;
        try
        {
            facts = await ReadFactsAsync(store, name, body.Value.FileName!, context.RequestAborted);
        }
        catch (HostileAppException e)
        {
            return ProblemResults.InvalidRequest([new("sha256", $"is no build that can be read: {e.Message}")]);
        }

        var app = new AppView
        {
            OrgId = org,
            AppVersionId = appVersionId,
            Sha256 = name.Digest,
            Bytes = bytes,
            FileName = body.Value.FileName!,
            Platform = AppFiles.PlatformOf(body.Value.FileName!)!,
            PackageId = facts.PackageId,
            VersionName = facts.VersionName,
            RegisteredAt = time.GetUtcNow(),
        };
        switch (await apps.PutAsync(app, body.Value.Replace ?? false, context.RequestAborted))
        {
            case RegisterAppResult.Registered { IsNew: true }:
                return TypedResults.Created($"/v1/orgs/{org}/apps/{appVersionId}", app);
            case RegisterAppResult.Taken taken:
                return ProblemResults.AppTaken(appVersionId, taken.Sha256);
            case RegisterAppResult.Full:
                return ProblemResults.AppsFull();
            default:
                return TypedResults.Ok(await apps.GetAsync(org, appVersionId, context.RequestAborted) ?? app);
        }
    }

    private static async Task<Results<NoContent, ProblemResult>> RemoveAsync(string org, string appVersionId, IAppRegistry apps, CancellationToken cancellationToken) =>
        Mistakes(org, appVersionId) ?? (await apps.RemoveAsync(org, appVersionId, cancellationToken) ? TypedResults.NoContent() : (Results<NoContent, ProblemResult>)ProblemResults.NotFound("app version", appVersionId));

    private static ProblemResult? Mistakes(string org, string appVersionId) =>
        IdRules.Check(org, "org_id").Concat(IdRules.Check(appVersionId, "app_version_id")).ToArray() is { Length: > 0 } errors ? ProblemResults.InvalidRequest(errors) : null;

    private static async Task<AppFacts> ReadFactsAsync(IBlobStore store, BlobName name, string fileName, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(name, cancellationToken) is not { } file)
        {
            return new AppFacts(null, null);
        }

        await using (file)
        {
            return await AppFacts.ReadAsync(file, fileName, cancellationToken);
        }
    }
}
