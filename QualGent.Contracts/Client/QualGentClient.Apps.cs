using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>Builds of apps.</summary>
public sealed partial class QualGentClient
{
    /// <summary>Registers a build whose file was uploaded before. The same file may be registered again.</summary>
    public Task<AppView> PutAppAsync(string orgId, string appVersionId, RegisterAppRequest app, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Put, $"v1/orgs/{Uri.EscapeDataString(orgId)}/apps/{Uri.EscapeDataString(appVersionId)}", app, ContractsJson.Default.RegisterAppRequest, ContractsJson.Default.AppView, cancellationToken);

    /// <summary>All builds of an organisation, newest first.</summary>
    public Task<AppList> ListAppsAsync(string orgId, CancellationToken cancellationToken) =>
        GetAsync($"v1/orgs/{Uri.EscapeDataString(orgId)}/apps", ContractsJson.Default.AppList, cancellationToken);
}
