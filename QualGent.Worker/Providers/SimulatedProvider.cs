using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Worker.Agent;
using QualGent.Worker.Devices;

namespace QualGent.Worker.Providers;

/// <summary>Devices on which nothing runs, for target <c>simulated</c> only.</summary>
public sealed class SimulatedProvider(IOptions<WorkerOptions> options, TimeProvider time) : IDeviceProvider
{
    /// <summary>Named in every result.</summary>
    public const string Name = "simulated";

    /// <inheritdoc/>
    public IEnumerable<DeviceSlot> FindDevices()
    {
        for (var i = 1; i <= options.Value.Providers.Simulated.Devices; i++)
        {
            var serial = $"simulated-{options.Value.Name}-{i}";
            var profile = new DeviceProfile
            {
                DeviceId = Ids.Device(Environment.MachineName, serial),
                Serial = serial,
                Provider = Name,
                Target = Targets.Simulated,
                Platform = Platforms.Android,
                Labels = new Dictionary<string, string>(),
            };
            yield return new DeviceSlot(profile, new SimulatedRunner(options.Value.Providers.Simulated, time));
        }
    }
}
