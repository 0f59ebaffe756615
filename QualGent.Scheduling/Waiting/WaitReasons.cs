using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Scheduling.Waiting;

/// <summary>Says in words what stands in a job's way, the most decisive first.</summary>
internal static class WaitReasons
{
    public static IReadOnlyList<WaitReason> Of(JobView job, WaitFacts facts, ServingDevices devices)
    {
        var reasons = new List<WaitReason>();
        void Add(bool holds, WaitCode code, FormattableString message)
        {
            if (holds)
            {
                reasons.Add(new WaitReason(code, message.ToString(CultureInfo.InvariantCulture)));
            }
        }

        var build = $"{job.OrgId}/{job.AppVersionId}";
        var none = devices is { Idle: 0, Busy: 0 };
        Add(facts.PausedPool, WaitCode.QueuePaused, $"The whole queue is paused; POST /v1/queue/resume or 'qgjob queue resume' ends that.");
        Add(facts.PausedOrg, WaitCode.OrgPaused, $"{job.OrgId} is paused.");
        Add(facts.PausedBuild, WaitCode.BuildPaused, $"{build} is paused.");
        Add(none && devices is { Draining: 0, Quarantined: 0 }, WaitCode.NoDevice, $"No registered device serves {Needs(job)}; it waits for one until its queue time-out.");
        Add(none && devices is not { Draining: 0, Quarantined: 0 }, WaitCode.DevicesOffDuty, $"All devices that serve {Needs(job)} are off duty: {devices.Draining} draining, {devices.Quarantined} quarantined.");
        Add(facts.Condemned, WaitCode.BuildCondemned, $"{build} does not install on the devices it was tried on; its jobs are being ended.");
        Add(facts.DueMs > facts.NowMs, WaitCode.NotDue, $"It is due in {TimeText.Of(TimeSpan.FromSeconds(Math.Ceiling((facts.DueMs - facts.NowMs) / 1000)))}.");
        Add(facts.OrgCap >= 0 && facts.OrgDevices >= facts.OrgCap, WaitCode.CapReached, $"{job.OrgId} has {facts.OrgDevices} of the {facts.OrgCap} devices it may have.");
        Add(facts.Avoids is not null, WaitCode.RetryElsewhere, $"It failed on {facts.Avoids} and is left to another device for a moment.");
        Add(facts.Ahead > 0, WaitCode.BehindGroup, $"{facts.Ahead} more senior jobs of {build} come first: higher priority, or submitted earlier.");
        Add(facts.Org.Groups > 0 && facts.Bound == 0, WaitCode.BehindOrg, $"{facts.Org.Groups} more senior builds of {job.OrgId} with {facts.Org.Jobs} jobs come first.");
        Add(facts.Bound > 0 && facts.Room <= 0 && facts.DueMs <= facts.NowMs, WaitCode.SpreadRule, $"{facts.Bound} devices have {build}; the {facts.Ready} jobs left are not worth an installation of {TimeText.Of(TimeSpan.FromMilliseconds(facts.InstallMs))} on another one.");
        Add(facts.Idle == 0 && facts.Bound == 0 && !none && facts.Rivals is not null, WaitCode.BehindOthers, $"All {devices.Busy} devices are busy, {facts.OrgDevices} of them for {job.OrgId}; {facts.Rivals?.Count} other organisations wait for their share.");
        Add(reasons.Count == 0, WaitCode.Next, $"The next device that becomes free takes it.");
        return reasons;
    }

    private static string Needs(JobView job) => new RequirementClass(job.Target, job.Platform, job.Labels).Text;
}
