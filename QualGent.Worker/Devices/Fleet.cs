using QualGent.Worker.Providers;

namespace QualGent.Worker.Devices;

/// <summary>All devices of this agent.</summary>
public sealed class Fleet(IEnumerable<IDeviceProvider> providers) : IDisposable
{
    /// <summary>The devices, in the order of their providers.</summary>
    public IReadOnlyList<DeviceSlot> Devices { get; } = [.. providers.SelectMany(provider => provider.FindDevices())];

    /// <summary>The device of that id, or null.</summary>
    public DeviceSlot? Find(string deviceId) => Devices.FirstOrDefault(device => device.Profile.DeviceId == deviceId);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var device in Devices)
        {
            device.Dispose();
        }
    }
}
