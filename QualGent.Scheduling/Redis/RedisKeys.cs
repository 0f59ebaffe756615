using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// Every key of a pool. All carry the hash tag <c>{pool}</c>, so a cluster keeps a pool on one node and scripts may compute
/// names from the prefix, which is the one key they declare (<c>Scripts/includes/keys.lua</c> repeats this table).
/// <code>
/// key                     type    meaning
/// schema                  string  version of this layout
/// pool_id                 string  names this Redis to the blob store, which nobody but its own pool empties
/// run:R                   hash    what was asked (due_ms where that is later than its creation), counts by status, verdict, positions of bounded work
/// run:R.N                 hash    cell N of the matrix R, a run in every other respect; run:R then has cells, their number, and sums instead of jobs
/// run:R:tests             list    the manifest, unless it is of one test and in run:R; job job_R_n runs entry n
/// run:R:order             string  4 digits of its place and 8 of its expected milliseconds for each test, longest first; only where the history knows some
/// run:R:blobs             set     digests of blobs that its jobs left behind; bundle and app_digest are in run:R
/// run:R:guests            set     runs that attached jobs of theirs to jobs of this one, which is kept as long as they are
/// run:R:events            stream  which jobs changed, how far their files are, the end; trimmed to about the last 1000
/// job:J                   hash    status, and what the last attempt left behind; attached_to: the job of another run in which its work is done
/// attached:J              hash    runs that attached a job of theirs to it and wait for it, and that job
/// in_flight:K             hash    unfinished jobs that others may be attached to, by test file; K is what else must be equal (dedup in run:R)
/// attempts:J              list    what was reported of its executions, test by test, the last 20
/// artifacts:J             hash    files that its executions left behind, by the execution's token, the last 20; the digests are in run:R:blobs
/// log:J                   stream  what its attempts printed, in groups of lines; ids are token-line; refused, not waited for, when Redis is full
/// runs, org:O:runs        zset    run ids, score 0: their order is their age
/// expanding, cancelling   zset    runs a sweep has to go on with
/// lapsing                 zset    runs a sweep has to cancel, by that instant: a time limit, or a lease that nobody renews
/// ended                   zset    ended runs by the instant, for the retention
/// deadlines               zset    runs by the next instant at which one of their jobs has waited too long
/// delayed                 zset    queued jobs that wait for a retry, or for the instant they were asked for, by that instant
/// idempotency:O:K         string  the run an idempotency key stands for, its number of jobs, the hash of the body; expires after 24 h
/// org:O                   hash    queued jobs, weight, cap, virtual time (device minutes / weight)
/// virtual_time            string  that of the organisation served last
/// apps:O                  hash    registered builds by app version: the file's digest, and behind it the build as JSON
/// app_orgs                set     organisations that have some
/// hooks:O                 hash    its hooks: events, and behind them the hook as JSON;  hook_secrets:O  hash  their secrets, which only deliveries read
/// hook_orgs               set     organisations that have some
/// hook:H:due              zset    runs and jobs that ended and are not delivered, by the instant of the next attempt
/// hook:H:tries            hash    attempts begun of each; skipped: how many found no room
/// hook:H:log              list    attempts that ended, the last 200
/// hooks_due               zset    hooks (O|H) with deliveries, by the earliest instant;  hooks_taken: those an API instance delivers for, by the end of its lease
/// history:O               hash    its tests by path: how the last 20 executions ended and how long they took, the last 5 failures (remember.lua); at most 5000
/// tested:O                zset    these tests by their last execution
/// histories               zset    organisations that have some, by the last execution of the test that has not run for longest, or before
/// quarantine:O            hash    tests that do not count towards a verdict, by path: since when and why, as JSON; at most 500
/// org:O:devices           set     devices it occupies
/// org:O:classes           set     classes in which it has open groups
/// paused                  set     what hands out nothing: *, organisations (O), builds (O|app)
/// counts                  hash    queued and running jobs of the pool
/// groups                  zset    known groups by last use
/// group:G                 hash    org, app, class, build, expected times of a file and of an installation, when it opened, last progress
/// lanes:G                 zset    the group's lanes with ready jobs, by head score
/// ready:L                 zset    ready jobs of a lane, by seniority
/// bound:G, called:G       set     devices that visit the group; woken ones that should
/// barred:G                zset    devices its build did not install on, until when
/// failed_on:G             set     devices on which that happened since it last worked
/// condemned               zset    groups whose build installs nowhere and whose queued jobs are being ended
/// open:C                  zset    organisations with open groups in a class that may have more devices, hungriest first
/// open:C|O                zset    groups of an organisation in a class that one more device would help, by head score
/// stalled                 zset    groups with jobs it would not, by the instant at which lack of progress changes that
/// classes                 zset    requirement classes by last use; classes_version counts additions and removals
/// class:C                 set     devices that serve a class
/// idle:C                  zset    idle ones of them, longest idle first
/// warm:B                  zset    idle, woken and newly registered devices that have build B (org|app)
/// woken                   zset    devices told to claim, by the instant at which that is overdue
/// agents, devices         set     everything registered
/// agent:A                 hash    name, host, last seen;  agent:A:devices  set
/// device:D                hash    profile, owner, epoch, mode (fresh, idle, woken, bound, resting, offline), duty, group, build
/// device:D:jobs           zset    jobs it holds, in batch order;  device:D:classes  set  of classes it serves
/// leases                  zset    devices by the instant their lease ends
/// offline                 zset    devices without an owner, since when
/// tokens                  string  last fencing token
/// sweep                   hash    last_ms; grace_ms: until then no lease ends
/// audit                   hash    how far the audit has come
/// news:R, lines:J, wake:A channels (not keys): hints to a run's watchers, to a log's readers, to an agent
/// </code>
/// </summary>
internal sealed class RedisKeys(string pool)
{
    /// <summary>Start of every key, and the key every script declares.</summary>
    public string Prefix { get; } = $"qg:{{{pool}}}:";

    public RedisKey Schema => Prefix + "schema";
    public RedisKey PoolId => Prefix + "pool_id";
    public RedisKey AppOrgs => Prefix + "app_orgs";
    public RedisKey Counts => Prefix + "counts";
    public RedisKey Runs => Prefix + "runs";
    public RedisKey Delayed => Prefix + "delayed";
    public RedisKey Groups => Prefix + "groups";
    public RedisKey Classes => Prefix + "classes";
    public RedisKey ClassesVersion => Prefix + "classes_version";
    public RedisKey Agents => Prefix + "agents";
    public RedisKey Devices => Prefix + "devices";
    public RedisKey Leases => Prefix + "leases";
    public RedisKey Paused => Prefix + "paused";

    public RedisKey Run(string runId) => $"{Prefix}run:{runId}";

    public RedisKey Tests(string runId) => $"{Prefix}run:{runId}:tests";

    public RedisKey Order(string runId) => $"{Prefix}run:{runId}:order";

    public RedisKey RunBlobs(string runId) => $"{Prefix}run:{runId}:blobs";

    public RedisKey Events(string runId) => $"{Prefix}run:{runId}:events";

    public RedisKey Job(string jobId) => $"{Prefix}job:{jobId}";

    public RedisKey Attempts(string jobId) => $"{Prefix}attempts:{jobId}";

    public RedisKey Artifacts(string jobId) => $"{Prefix}artifacts:{jobId}";

    public RedisKey Log(string jobId) => $"{Prefix}log:{jobId}";

    public RedisKey Apps(string orgId) => $"{Prefix}apps:{orgId}";

    public RedisKey Hooks(string orgId) => $"{Prefix}hooks:{orgId}";

    public RedisKey HookDue(string hookId) => $"{Prefix}hook:{hookId}:due";

    public RedisKey HookTries(string hookId) => $"{Prefix}hook:{hookId}:tries";

    public RedisKey HookLog(string hookId) => $"{Prefix}hook:{hookId}:log";

    public RedisKey History(string orgId) => $"{Prefix}history:{orgId}";

    public RedisKey Tested(string orgId) => $"{Prefix}tested:{orgId}";

    public RedisKey Quarantine(string orgId) => $"{Prefix}quarantine:{orgId}";

    public RedisKey Org(string orgId) => $"{Prefix}org:{orgId}";

    public RedisKey OrgDevices(string orgId) => $"{Prefix}org:{orgId}:devices";

    public RedisKey OrgRuns(string orgId) => $"{Prefix}org:{orgId}:runs";

    public RedisKey Group(string group) => $"{Prefix}group:{group}";

    public RedisKey Lanes(string group) => $"{Prefix}lanes:{group}";

    public RedisKey Ready(string lane) => $"{Prefix}ready:{lane}";

    public RedisKey Bound(string group) => $"{Prefix}bound:{group}";

    public RedisKey Agent(string agentId) => $"{Prefix}agent:{agentId}";

    public RedisKey AgentDevices(string agentId) => $"{Prefix}agent:{agentId}:devices";

    public RedisKey Device(string deviceId) => $"{Prefix}device:{deviceId}";

    public RedisKey DeviceJobs(string deviceId) => $"{Prefix}device:{deviceId}:jobs";

    public RedisChannel News(string runId) => new($"{Prefix}news:{runId}", RedisChannel.PatternMode.Literal);

    public RedisChannel Lines(string jobId) => new($"{Prefix}lines:{jobId}", RedisChannel.PatternMode.Literal);

    public RedisChannel Wake(string agentId) => new($"{Prefix}wake:{agentId}", RedisChannel.PatternMode.Literal);
}
