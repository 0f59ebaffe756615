using QualGent.Scheduling.Jobs;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// The classes anybody asked for lately, and which of them a device serves. Scripts cannot tell (they do not read labels), so a
/// device declares its classes when it registers, whenever a claim finds that the list has changed since, and when a new
/// class is asked for the first time.
/// </summary>
internal sealed class RequirementClasses(QueueScripts scripts)
{
    /// <summary>The list as it is.</summary>
    public async Task<Snapshot> ReadAsync()
    {
        // The version first: a class added in between makes the list newer than its version, which costs one more round.
        var version = (string?)await scripts.Database.StringGetAsync(scripts.Keys.ClassesVersion).InTime() ?? "0";
        var members = await scripts.Database.SortedSetRangeByRankAsync(scripts.Keys.Classes, 0, -1, Order.Descending).InTime();
        return new Snapshot(version, [.. members.Select(text => RequirementClass.Parse(text!))]);
    }

    /// <summary>Declares what a registered device serves, under the epoch it has.</summary>
    public async Task DeclareAsync(string deviceId)
    {
        var known = await ReadAsync();
        var device = new RedisHash(await scripts.Database.HashGetAllAsync(scripts.Keys.Device(deviceId)).InTime());
        if (device.Exists)
        {
            var served = known.ServedBy(device.Required("target"), device.Required("platform"), QueueViews.Labels(device));
            await scripts.RunAsync("declare", [deviceId, device.Required("epoch"), known.Version, .. served.Select(text => (RedisValue)text)]);
        }
    }

    /// <summary>One reading of the list, the class used last first.</summary>
    internal sealed record Snapshot(string Version, IReadOnlyList<RequirementClass> Classes)
    {
        private const int PerDeviceMax = 64;

        /// <summary>Those a device serves, at most <see cref="PerDeviceMax"/>.</summary>
        public IReadOnlyList<string> ServedBy(string target, string platform, IReadOnlyDictionary<string, string> labels) =>
            [.. Classes.Where(needs => needs.IsServedBy(target, platform, labels)).Select(needs => needs.Text).Take(PerDeviceMax)];
    }
}
