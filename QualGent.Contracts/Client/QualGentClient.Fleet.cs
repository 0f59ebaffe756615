using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>Devices, agents and the queue.</summary>
public sealed partial class QualGentClient
{
    /// <summary>All devices.</summary>
    public Task<DeviceList> ListDevicesAsync(CancellationToken cancellationToken) =>
        GetAsync("v1/devices", ContractsJson.Default.DeviceList, cancellationToken);

    /// <summary>All agents.</summary>
    public Task<AgentList> ListAgentsAsync(CancellationToken cancellationToken) =>
        GetAsync("v1/agents", ContractsJson.Default.AgentList, cancellationToken);

    /// <summary>The queue at this instant.</summary>
    public Task<QueueView> GetQueueAsync(CancellationToken cancellationToken) =>
        GetAsync("v1/queue", ContractsJson.Default.QueueView, cancellationToken);

    /// <summary>Stops handing out jobs.</summary>
    public Task<PauseList> PauseAsync(PauseScope scope, CancellationToken cancellationToken) =>
        PostAsync("v1/queue/pause", scope, ContractsJson.Default.PauseScope, ContractsJson.Default.PauseList, null, cancellationToken);

    /// <summary>Hands out jobs again.</summary>
    public Task<PauseList> ResumeAsync(PauseScope scope, CancellationToken cancellationToken) =>
        PostAsync("v1/queue/resume", scope, ContractsJson.Default.PauseScope, ContractsJson.Default.PauseList, null, cancellationToken);

    /// <summary>Takes a device off duty or puts it back.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="verb"><c>drain</c>, <c>quarantine</c> or <c>resume</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DeviceView> SetDutyAsync(string deviceId, string verb, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"v1/devices/{Uri.EscapeDataString(deviceId)}/{verb}", ContractsJson.Default.DeviceView, cancellationToken);
}
