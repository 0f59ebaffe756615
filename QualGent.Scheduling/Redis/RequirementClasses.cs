using QualGent.Scheduling.Jobs;

namespace QualGent.Scheduling.Redis;

/// <summary>The classes anybody ever asked for, with the version of that list; kept in the process and read again when the queue says it is old.</summary>
internal sealed class RequirementClasses(QueueScripts scripts)
{
    private Snapshot? _known;

    /// <summary>The list as last read.</summary>
    public async Task<Snapshot> GetAsync(bool refresh)
    {
        if (_known is { } known && !refresh)
        {
            return known;
        }

        // The version first: a class added in between makes the list newer than its version, which costs one more round.
        var version = (string?)await scripts.Database.StringGetAsync(scripts.Keys.ClassesVersion) ?? "0";
        var members = await scripts.Database.SetMembersAsync(scripts.Keys.Classes);
        return _known = new Snapshot(version, [.. members.Select(text => RequirementClass.Parse(text!))]);
    }

    /// <summary>One reading of the list.</summary>
    internal sealed record Snapshot(string Version, IReadOnlyList<RequirementClass> Classes)
    {
        /// <summary>Those a device serves, at most <see cref="PerDeviceMax"/>.</summary>
        public IReadOnlyList<string> ServedBy(string target, string platform, IReadOnlyDictionary<string, string> labels) =>
            [.. Classes.Where(needs => needs.IsServedBy(target, platform, labels)).Select(needs => needs.Text).Order(StringComparer.Ordinal).Take(PerDeviceMax)];

        private const int PerDeviceMax = 64;
    }
}
