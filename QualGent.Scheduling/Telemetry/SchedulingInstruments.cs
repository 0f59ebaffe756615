using System.Diagnostics;
using System.Diagnostics.Metrics;
using QualGent.Scheduling.Queue;

namespace QualGent.Scheduling.Telemetry;

/// <summary>Every metric of the queue. Tags have few values: target and outcome, never an id.</summary>
internal sealed class SchedulingInstruments
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "QualGent.Scheduling";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _installs;
    private readonly Counter<long> _installsAvoided;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _jobsTakenBack;
    private readonly Counter<long> _expansionsLeft;
    private readonly Counter<long> _repairs;
    private readonly Gauge<long> _depth;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _run;

    public SchedulingInstruments(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _accepted = meter.CreateCounter<long>("qualgent.job.accepted", "{job}", "Jobs stored.");
        _finished = meter.CreateCounter<long>("qualgent.job.finished", "{job}", "Jobs that reached a verdict through a report.");
        _retries = meter.CreateCounter<long>("qualgent.job.retries", "{attempt}", "Attempts that were followed by another.");
        _installs = meter.CreateCounter<long>("qualgent.device.installs", "{install}", "Apps installed for a batch.");
        _installsAvoided = meter.CreateCounter<long>("qualgent.device.installs.avoided", "{install}", "Batches that found their app installed.");
        _leasesLost = meter.CreateCounter<long>("qualgent.lease.lost", "{device}", "Devices whose lease ran out.");
        _jobsTakenBack = meter.CreateCounter<long>("qualgent.job.taken_back", "{job}", "Jobs such devices held.");
        _expansionsLeft = meter.CreateCounter<long>("qualgent.run.expansion.deferred", "{run}", "Accepted runs whose expansion was left to a sweep.");
        _repairs = meter.CreateCounter<long>("qualgent.queue.repairs", "{job}", "Jobs an index had lost or kept against their state. Anything but zero is a defect, or somebody changed the data.");
        _depth = meter.CreateGauge<long>("qualgent.queue.depth", "{job}", "Jobs of the pool, seen by whoever swept last.");
        _wait = meter.CreateHistogram<double>("qualgent.job.wait.duration", "s", "Time from queued to claimed.");
        _run = meter.CreateHistogram<double>("qualgent.job.run.duration", "s", "Run time of a test file.");
    }

    public void Accepted(string target, int jobs) => _accepted.Add(jobs, new TagList { { "target", target } });

    public void Claimed(TimeSpan waited) => _wait.Record(waited.TotalSeconds);

    public void LeasesLost(int devices, int jobs)
    {
        _leasesLost.Add(devices);
        _jobsTakenBack.Add(jobs);
    }

    public void Depth(long queued, long running)
    {
        _depth.Record(queued, new TagList { { "state", "queued" } });
        _depth.Record(running, new TagList { { "state", "running" } });
    }

    public void Repaired(int jobs) => _repairs.Add(jobs);

    public void ExpansionLeftToSweep() => _expansionsLeft.Add(1);

    /// <summary>A report was written; <paramref name="status"/> is the job's afterwards.</summary>
    public void Finished(JobReport report, string status, string target)
    {
        if (report.Duration is { } duration)
        {
            _run.Record(duration.TotalSeconds, new TagList { { "target", target }, { "outcome", Outcome(report.Outcome) } });
        }

        if (report.Installed is { } installed)
        {
            (installed ? _installs : _installsAvoided).Add(1, new TagList { { "target", target } });
        }

        if (status is "queued")
        {
            _retries.Add(1, new TagList { { "target", target }, { "outcome", Outcome(report.Outcome) } });
        }
        else
        {
            _finished.Add(1, new TagList { { "target", target }, { "outcome", status } });
        }
    }

    private static string Outcome(JobOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
