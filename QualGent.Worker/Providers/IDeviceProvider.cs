using QualGent.Worker.Devices;

namespace QualGent.Worker.Providers;

/// <summary>Knows one kind of device.</summary>
public interface IDeviceProvider
{
    /// <summary>The devices to offer, each with what runs batches on it.</summary>
    IEnumerable<DeviceSlot> FindDevices();
}
