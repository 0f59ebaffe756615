using System.Globalization;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;
using QualGent.Worker.Devices;

namespace QualGent.Worker.Providers;

/// <summary>Virtual phones: our Appium driver behind genuine AppWright. Offered outside Development only when switched on, and named in every result.</summary>
public sealed class VirtualProvider(IOptions<WorkerOptions> options, IHostEnvironment environment, StateFolder state, IServiceProvider services) : IDeviceProvider
{
    /// <summary>Named in every result.</summary>
    public const string Name = "virtual";

    private const string OsVersion = "14";

    /// <summary>How many virtual phones these settings mean.</summary>
    public static int CountDevices(WorkerOptions options, IHostEnvironment environment) =>
        options.Providers.Virtual.Enabled ?? environment.IsDevelopment() ? options.Providers.Virtual.Devices : 0;

    /// <inheritdoc/>
    public IEnumerable<DeviceSlot> FindDevices()
    {
        var worker = options.Value;
        for (var i = 0; i < CountDevices(worker, environment); i++)
        {
            var serial = string.Create(CultureInfo.InvariantCulture, $"virtual-{worker.Name}-{i + 1}");
            var device = new AppWrightDevice(serial, worker.PortBase + (2 * i), Path.Combine(state.Device(serial), "phone"));
            var profile = new DeviceProfile
            {
                DeviceId = Ids.Device(Environment.MachineName, serial),
                Serial = serial,
                Provider = Name,
                Target = Targets.Emulator,
                Platform = Platforms.Android,
                Labels = new Dictionary<string, string>(worker.Providers.Virtual.Labels, StringComparer.Ordinal) { ["os"] = OsVersion },
            };
            yield return new DeviceSlot(profile, ActivatorUtilities.CreateInstance<AppWrightRunner>(services, device)) { InstalledDigest = device.ReadInstalledDigest() };
        }
    }
}
