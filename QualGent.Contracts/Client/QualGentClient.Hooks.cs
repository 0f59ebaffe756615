using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>Web hooks.</summary>
public sealed partial class QualGentClient
{
    /// <summary>Adds a hook. Not repeatable: after a lost answer, look at the list.</summary>
    public Task<AddHookResponse> AddHookAsync(string orgId, AddHookRequest hook, CancellationToken cancellationToken) =>
        PostAsync(HooksOf(orgId), hook, ContractsJson.Default.AddHookRequest, ContractsJson.Default.AddHookResponse, null, cancellationToken);

    /// <summary>All hooks of an organisation, oldest first.</summary>
    public Task<HookList> ListHooksAsync(string orgId, CancellationToken cancellationToken) => GetAsync(HooksOf(orgId), ContractsJson.Default.HookList, cancellationToken);

    /// <summary>Removes a hook with all that waits for it.</summary>
    public Task RemoveHookAsync(string orgId, string hookId, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"{HooksOf(orgId)}/{Uri.EscapeDataString(hookId)}", cancellationToken);

    /// <summary>The last attempts to deliver to a hook, newest first.</summary>
    public Task<HookLog> ReadHookLogAsync(string orgId, string hookId, CancellationToken cancellationToken) =>
        GetAsync($"{HooksOf(orgId)}/{Uri.EscapeDataString(hookId)}/deliveries", ContractsJson.Default.HookLog, cancellationToken);

    private static string HooksOf(string orgId) => $"v1/orgs/{Uri.EscapeDataString(orgId)}/hooks";
}
