using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Hooks;
using QualGent.Scheduling.Jobs;

namespace QualGent.Api.Hooks;

/// <summary>Everything under <c>/v1/orgs/{org}/hooks</c>.</summary>
internal static class HookRoutes
{
    private const string PlainHttp = "The address is not https: whoever is on the way can read what is delivered.";

    public static void MapHooks(this IEndpointRouteBuilder v1)
    {
        var hooks = v1.MapGroup("/orgs/{org}/hooks").WithTags("Hooks");
        hooks.MapGet("/", ListAsync)
            .WithName("ListHooks")
            .WithSummary("The hooks of an organisation, oldest first, without their secrets.")
            .Refuses(422);
        hooks.MapPost("/", AddAsync)
            .WithName("AddHook")
            .WithSummary("Has an address called when runs (or jobs) end. The answer is the only one that shows the secret.")
            .WithDescription($"Deliveries are POSTs with a JSON body, signed as Standard Webhooks says ({HookHeaders.Id}, {HookHeaders.Timestamp}, {HookHeaders.Signature}), and repeated for a day until one is answered with 2xx: at least once, under the same id.")
            .Accepts<AddHookRequest>("application/json")
            .Refuses(400, 409, 413, 415, 422);
        hooks.MapDelete("/{hook}", RemoveAsync)
            .WithName("RemoveHook")
            .WithSummary("Removes a hook with all that waits for it.")
            .Refuses(404, 422);
        hooks.MapGet("/{hook}/deliveries", ReadLogAsync)
            .WithName("ListDeliveries")
            .WithSummary($"The last {Limits.HookLogLength} attempts to deliver to a hook, newest first.")
            .Refuses(404, 422);
    }

    private static async Task<Results<Ok<HookList>, ProblemResult>> ListAsync(string org, IHookRegistry hooks, CancellationToken cancellationToken) =>
        Mistakes(org) ?? (Results<Ok<HookList>, ProblemResult>)TypedResults.Ok(await hooks.ListAsync(org, cancellationToken));

    private static async Task<Results<Created<AddHookResponse>, ProblemResult>> AddAsync(string org, HttpContext context, IHookRegistry hooks, HookConnections connections, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.AddHookRequest, withHash: false, context.RequestAborted);
        if (!body.IsRead)
        {
            return body.Problem;
        }

        var request = body.Value;
        if (HookValidator.Validate(org, request) is { Count: > 0 } errors)
        {
            return ProblemResults.InvalidRequest(errors);
        }

        var url = new Uri(request.Url!);
        if (connections.RefusedIn(url) is { } address)
        {
            return ProblemResults.InvalidRequest([new("url", $"has {address}, which is no public address. {HookConnections.Advice}")]);
        }

        var (hook, secret) = (new HookView { Id = Ids.NewHook(time), OrgId = org, Url = request.Url!, Events = request.Events ?? [HookEvents.RunEnded], CreatedAt = time.GetUtcNow() }, request.Secret ?? HookSecret.New());
        return await hooks.AddAsync(hook, secret, context.RequestAborted)
            ? TypedResults.Created($"/v1/orgs/{org}/hooks/{hook.Id}/deliveries", new AddHookResponse(hook, secret, url.Scheme == Uri.UriSchemeHttps ? [] : [PlainHttp]))
            : ProblemResults.HooksFull(org);
    }

    private static async Task<Results<NoContent, ProblemResult>> RemoveAsync(string org, string hook, IHookRegistry hooks, CancellationToken cancellationToken) =>
        Mistakes(org) ?? (await hooks.RemoveAsync(org, hook, cancellationToken) ? TypedResults.NoContent() : (Results<NoContent, ProblemResult>)ProblemResults.NotFound("hook", hook));

    private static async Task<Results<Ok<HookLog>, ProblemResult>> ReadLogAsync(string org, string hook, IHookRegistry hooks, CancellationToken cancellationToken) =>
        Mistakes(org) ?? (await hooks.ReadLogAsync(org, hook, cancellationToken) is { } log ? TypedResults.Ok(log) : (Results<Ok<HookLog>, ProblemResult>)ProblemResults.NotFound("hook", hook));

    private static ProblemResult? Mistakes(string org) => IdRules.Check(org, "org_id").ToArray() is { Length: > 0 } errors ? ProblemResults.InvalidRequest(errors) : null;
}
