using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>What devices must be to serve a submission, a kind for each cell of its matrix, and how long to wait until all have shown up.</summary>
internal sealed class Need(IReadOnlyList<Need.Kind> kinds, TimeSpan patience)
{
    public TimeSpan Patience => patience;

    /// <summary>What a request asks for.</summary>
    public static Need Of(SubmitRunRequest request, TimeSpan patience) =>
        new([.. (request.Matrix?.Select(cell => cell!.In(request)) ?? [request]).Select(asked => new Kind(asked.Target ?? Targets.Emulator, asked.Platform ?? Platforms.Android, asked.Labels))], patience);

    /// <summary>What a run asks for that was accepted, by its cells, or by any one of its jobs when it has none.</summary>
    public static Need Of(RunView run, JobView job, TimeSpan patience) =>
        new(run.Cells is { } cells ? [.. cells.Select(cell => new Kind(cell.Target, cell.Platform, cell.Labels))] : [new Kind(job.Target, job.Platform, job.Labels)], patience);

    /// <summary>Those kinds of which there is no device, e.g. <c>emulator/android with os=14</c>; empty when all are there.</summary>
    public string Missing(IEnumerable<DeviceView> devices)
    {
        var usable = devices.Where(device => device.State is not (DeviceState.Offline or DeviceState.Quarantined)).ToList();
        return string.Join(" and ", kinds.Where(kind => !usable.Exists(kind.IsServedBy)));
    }

    /// <summary>What one cell, or all of a plain run, asks of a device.</summary>
    internal sealed record Kind(string Target, string Platform, IReadOnlyDictionary<string, string>? Labels)
    {
        private readonly IReadOnlyDictionary<string, string> _labels = Labels ?? new Dictionary<string, string>();

        public bool IsServedBy(DeviceView device) =>
            device.Target == Target && device.Platform == Platform && _labels.All(label => device.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

        public override string ToString() =>
            $"{Target}/{Platform}" + (_labels.Count == 0 ? "" : " with " + string.Join(", ", _labels.Select(label => $"{label.Key}={label.Value}")));
    }
}
