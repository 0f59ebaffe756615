using Microsoft.Extensions.Options;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Devices;

namespace QualGent.Worker.Agent;

/// <summary>Takes ownership of devices: of all at the start, of a single one after it was lost or refused, without touching what runs on the others.</summary>
public sealed partial class Registrar(IAgentQueue queue, StateFolder state, Fleet fleet, IOptions<WorkerOptions> options, ILogger<Registrar> logger)
{
    /// <summary>Announces the agent. Devices it had in a former life and has no more are given up.</summary>
    public async Task<RegisterResult> RegisterAllAsync(CancellationToken cancellationToken)
    {
        var result = await queue.RegisterAsync(Registration(fleet.Devices, keepsOthers: false), cancellationToken);
        foreach (var slot in fleet.Devices)
        {
            Apply(result, slot);
        }

        return result;
    }

    /// <summary>Tries to get one device (back).</summary>
    public async Task<bool> RegisterAgainAsync(DeviceSlot slot, CancellationToken cancellationToken) =>
        Apply(await queue.RegisterAsync(Registration([slot], keepsOthers: true), cancellationToken), slot);

    private AgentRegistration Registration(IReadOnlyList<DeviceSlot> slots, bool keepsOthers) => new()
    {
        AgentId = state.AgentId,
        Name = options.Value.Name,
        Host = Environment.MachineName,
        Devices = [.. slots.Select(slot => slot.Profile)],
        KeepsOthers = keepsOthers,
    };

    private bool Apply(RegisterResult result, DeviceSlot slot)
    {
        if (result.Accepted.TryGetValue(slot.Profile.DeviceId, out var epoch))
        {
            slot.Epoch = epoch;
            LogRegistered(slot.Profile.Serial, slot.Profile.DeviceId, epoch);
            return true;
        }

        LogRefused(slot.Profile.Serial, result.Refused.GetValueOrDefault(slot.Profile.DeviceId, "unknown"));
        return false;
    }

    [LoggerMessage(3021, LogLevel.Information, "Device {Serial} registered as {DeviceId}, epoch {Epoch}")]
    private partial void LogRegistered(string serial, string deviceId, long epoch);

    [LoggerMessage(3022, LogLevel.Warning, "Device {Serial} refused (device_owned): the living agent {Owner} has it. Give this agent another Worker:Name, or stop the other; trying again.")]
    private partial void LogRefused(string serial, string owner);
}
