using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

// Who owns which device. An agent may have many, and each may hold a batch: no call takes more than a few.
internal sealed partial class RedisAgentQueue
{
    // As many as the reaper takes back in one call.
    private const int DevicesPerCall = 8;

    /// <inheritdoc/>
    public async Task<RegisterResult> RegisterAsync(AgentRegistration agent, CancellationToken cancellationToken)
    {
        var known = await classes.ReadAsync();
        var devices = agent.Devices.Select(device => new DeviceArgument(
            device.DeviceId, device.Serial, device.Provider, device.Target, device.Platform,
            JsonSerializer.Serialize(device.Labels, QueueJson.Default.IReadOnlyDictionaryStringString),
            known.ServedBy(device.Target, device.Platform, device.Labels)));
        if (!agent.KeepsOthers)
        {
            await GiveBackAsync(agent.AgentId, keeps: [.. agent.Devices.Select(device => device.DeviceId)], givesUp: true);
        }

        var accepted = new Dictionary<string, long>(StringComparer.Ordinal);
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);

        // Each call leaves whole devices behind, so who dies in between has registered some of them. An agent without any is known, too.
        foreach (var some in devices.Chunk(DevicesPerCall).DefaultIfEmpty([]))
        {
            var reply = (RedisResult[])(await scripts.RunAsync(
                "register", agent.AgentId, agent.Name, agent.Host, LeaseMs, Limits.InfrastructureLossesMax, known.Version,
                JsonSerializer.Serialize(some, QueueJson.Default.DeviceArgumentArray), RedisJobQueue.Ms(_options.OutageAfter)))!;
            foreach (var entry in reply)
            {
                switch ((RedisResult[])entry!)
                {
                    case [var id, var epoch]:
                        accepted[(string)id!] = (long)epoch;
                        break;
                    case [var id, _, var owner]:
                        refused[(string)id!] = (string)owner!;
                        break;
                }
            }
        }

        return new RegisterResult(accepted, refused);
    }

    /// <inheritdoc/>
    public Task UnregisterAsync(string agentId, CancellationToken cancellationToken) => GiveBackAsync(agentId, keeps: [], givesUp: false);

    private async Task GiveBackAsync(string agentId, string[] keeps, bool givesUp)
    {
        while ((int)await scripts.RunAsync("unregister", agentId, Limits.InfrastructureLossesMax, JsonSerializer.Serialize(keeps, QueueJson.Default.StringArray), givesUp ? 1 : 0) == 1)
        {
        }
    }
}
