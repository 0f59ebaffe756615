using QualGent.Contracts.Client;

namespace QualGent.Cli.Runs;

/// <summary>Names people know devices by, e.g. <c>emulator-5554</c>, looked up once per unknown id.</summary>
internal sealed class DeviceNames(QualGentClient client)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The serial, or the id while it is unknown.</summary>
    public string Of(string? deviceId) => deviceId is null ? "" : _names.GetValueOrDefault(deviceId, deviceId);

    /// <summary>Makes sure these ids have names. A failed look-up costs only the names.</summary>
    public async Task LearnAsync(IEnumerable<string?> deviceIds, CancellationToken cancellationToken)
    {
        var unknown = deviceIds.OfType<string>().Where(id => !_names.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        if (unknown.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var device in (await client.ListDevicesAsync(cancellationToken)).Devices)
            {
                _names[device.Id] = device.Serial;
            }
        }
        catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException)
        {
            // Ids will do.
        }

        foreach (var id in unknown)
        {
            _names.TryAdd(id, id);
        }
    }
}
