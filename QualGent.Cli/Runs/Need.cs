using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>What a device must be to serve a submission, and how long to wait until one shows up.</summary>
internal sealed class Need(SubmitSettings settings, TimeSpan patience)
{
    private readonly string _target = settings.Target ?? Targets.Emulator;
    private readonly string _platform = settings.Platform ?? Platforms.Android;
    private readonly IReadOnlyDictionary<string, string> _labels = settings.Labels ?? new Dictionary<string, string>();

    public TimeSpan Patience => patience;

    public bool IsServedBy(DeviceView device) =>
        device.State is not (DeviceState.Offline or DeviceState.Quarantined)
        && device.Target == _target
        && device.Platform == _platform
        && _labels.All(label => device.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>E.g. <c>emulator/android with os=14</c>.</summary>
    public override string ToString() =>
        $"{_target}/{_platform}" + (_labels.Count == 0 ? "" : " with " + string.Join(", ", _labels.Select(label => $"{label.Key}={label.Value}")));
}
