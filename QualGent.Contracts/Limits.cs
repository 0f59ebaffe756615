namespace QualGent.Contracts;

/// <summary>Every bound a client can run into, shared by the API (which enforces them) and the CLI (which checks before sending).</summary>
public static class Limits
{
    /// <summary>Characters of an organisation or app version id: letters, digits, <c>. _ - +</c>, not starting with a dot.</summary>
    public const int IdLength = 64;

    /// <summary>Characters of a test path, which is relative to the tester's project folder.</summary>
    public const int TestPathLength = 512;

    /// <summary>Characters of a run's display name or of a Playwright project's name.</summary>
    public const int NameLength = 128;

    /// <summary>Tests of one run.</summary>
    public const int TestsPerRun = 2_000;

    /// <summary>Cells of a run's matrix.</summary>
    public const int MatrixCells = 50;

    /// <summary>Lowest priority.</summary>
    public const int PriorityMin = 0;

    /// <summary>Highest priority; claimed first.</summary>
    public const int PriorityMax = 9;

    /// <summary>Priority of a job that does not ask for one.</summary>
    public const int PriorityDefault = 5;

    /// <summary>Most attempts a job may ask for.</summary>
    public const int AttemptsMax = 10;

    /// <summary>Attempts of a job that does not say: one retry of a failed test.</summary>
    public const int AttemptsDefault = 2;

    /// <summary>Losses of a device, agent or network a job survives before it ends <c>errored/infrastructure</c>.</summary>
    public const int InfrastructureLossesMax = 3;

    /// <summary>Label selectors of one job.</summary>
    public const int LabelsPerJob = 16;

    /// <summary>Characters of a label's name or value.</summary>
    public const int LabelLength = 64;

    /// <summary>Shortest and longest time one test file may run, in seconds.</summary>
    public const int TimeoutSecondsMin = 1;

    /// <inheritdoc cref="TimeoutSecondsMin"/>
    public const int TimeoutSecondsMax = 4 * 60 * 60;

    /// <summary>Time one test file may run when the job does not say, in seconds.</summary>
    public const int TimeoutSecondsDefault = 10 * 60;

    /// <summary>Longest time a job may ask to wait in the queue, in seconds.</summary>
    public const int QueueTimeoutSecondsMax = 7 * 24 * 60 * 60;

    /// <summary>Time a job waits in the queue before it ends <c>errored/queue_timeout</c>, in seconds.</summary>
    public const int QueueTimeoutSecondsDefault = 24 * 60 * 60;

    /// <summary>Longest time a whole run may be given, in seconds.</summary>
    public const int RunTimeoutSecondsMax = 7 * 24 * 60 * 60;

    /// <summary>Shortest and longest lease of a run, in seconds.</summary>
    public const int RunLeaseSecondsMin = 10;

    /// <inheritdoc cref="RunLeaseSecondsMin"/>
    public const int RunLeaseSecondsMax = 24 * 60 * 60;

    /// <summary>Days ahead a job may be told not to start before.</summary>
    public const int NotBeforeDaysMax = 30;

    /// <summary>Characters of an <c>Idempotency-Key</c>.</summary>
    public const int IdempotencyKeyLength = 128;

    /// <summary>Bytes of a request body.</summary>
    public const int RequestBodyBytes = 2 * 1024 * 1024;

    /// <summary>Builds an organisation may have registered.</summary>
    public const int AppsPerOrg = 1_000;

    /// <summary>Hooks of an organisation.</summary>
    public const int HooksPerOrg = 10;

    /// <summary>Characters of a hook's address.</summary>
    public const int HookUrlLength = 2_048;

    /// <summary>Deliveries of one hook that may wait; what ends while so many do is not told.</summary>
    public const int HookDeliveriesWaiting = 10_000;

    /// <summary>Attempts that a hook's log keeps, the last ones.</summary>
    public const int HookLogLength = 200;

    /// <summary>Tests of an organisation whose history is kept; those that ran longest ago go first.</summary>
    public const int HistoryTests = 5_000;

    /// <summary>Executions of a test that its history keeps.</summary>
    public const int HistoryExecutions = 20;

    /// <summary>Failures of a test that its history names.</summary>
    public const int HistoryFailures = 5;

    /// <summary>Tests an organisation may have in quarantine.</summary>
    public const int QuarantinedTests = 500;

    /// <summary>Characters of the reason why a test is in quarantine.</summary>
    public const int QuarantineReasonLength = 500;

    /// <summary>Entries of one page of a list.</summary>
    public const int PageSizeMax = 500;

    /// <summary>Entries of a page when the caller does not say.</summary>
    public const int PageSizeDefault = 50;

    /// <summary>Lowest weight of an organisation; the default is 1.</summary>
    public const double WeightMin = 0.1;

    /// <summary>Highest weight of an organisation.</summary>
    public const double WeightMax = 64;

    /// <summary>Most devices an organisation may be allowed at once.</summary>
    public const int CapMax = 100_000;

    /// <summary>Most queued jobs an organisation may be allowed.</summary>
    public const int QueuedMax = 10_000_000;

    /// <summary>Organisations and builds that can be paused at once.</summary>
    public const int PausedMax = 1_000;

    /// <summary>Characters of a verdict's message; longer ones are cut.</summary>
    public const int MessageLength = 4_000;

    /// <summary>Bytes of all files of a bundle together, before they are compressed.</summary>
    public const long BundleBytes = 256L * 1024 * 1024;

    /// <summary>Files and folders of a bundle.</summary>
    public const int BundleEntries = 20_000;

    /// <summary>Executions of a job whose results are kept, the last ones.</summary>
    public const int ResultsPerJob = 20;

    /// <summary>Artifacts that are known of one execution of a job; further ones are counted in the last.</summary>
    public const int ArtifactsPerExecution = 200;

    /// <summary>Tests that one piece of a file's progress names.</summary>
    public const int TestsPerProgress = 10;

    /// <summary>Characters of a test's title in a file's progress; the rest of a longer one is cut off.</summary>
    public const int ProgressTitleLength = 200;

    /// <summary>Characters of a line of a log; the rest of a longer one is cut off.</summary>
    public const int LogLineLength = 2_000;
}
