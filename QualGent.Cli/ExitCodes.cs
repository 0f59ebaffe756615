using QualGent.Contracts;

namespace QualGent.Cli;

/// <summary>What <c>qgjob</c> ends with; the same with and without <c>--json</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Everything passed, or the question was answered.</summary>
    public const int Ok = 0;
    public const int TestFailed = 1;

    /// <summary>Usage or configuration; where it can be known before a request, none is sent.</summary>
    public const int Usage = 2;

    /// <summary>No such test, device, job or run.</summary>
    public const int NothingMatched = 3;

    /// <summary>A job or run without a verdict about its tests.</summary>
    public const int Errored = 4;
    public const int WaitTimedOut = 5;
    public const int Cancelled = 6;
    public const int NotAuthorised = 7;

    /// <summary>Quota used up or queue full.</summary>
    public const int QuotaExceeded = 8;

    /// <summary>The server is unreachable, or unable to answer.</summary>
    public const int Unreachable = 9;
    public const int Interrupted = 130;

    /// <summary>For the help text.</summary>
    public const string Table = """
        Exit codes:
            0  passed, or answered       5  wait timed out
            1  a test failed             6  cancelled
            2  usage or configuration    7  not authorised
            3  nothing matched           8  quota used up or queue full
            4  errored or incomplete     9  server unreachable or unable
          130  interrupted
        """;

    /// <summary>The code of a run's verdict.</summary>
    public static int Of(RunVerdict? verdict) => verdict switch
    {
        RunVerdict.Passed => Ok,
        RunVerdict.Failed => TestFailed,
        RunVerdict.Cancelled => Cancelled,
        _ => Errored,
    };

    /// <summary>The code of a finished job.</summary>
    public static int Of(JobStatus status) => status switch
    {
        JobStatus.Passed => Ok,
        JobStatus.Failed => TestFailed,
        JobStatus.Cancelled => Cancelled,
        _ => Errored,
    };

    /// <summary>The code of a refusal by the API.</summary>
    public static int Of(Problem problem) => problem switch
    {
        { Code: ProblemCodes.QueueFull or ProblemCodes.OrgStorageFull } or { Status: 429 } => QuotaExceeded,
        { Status: 401 or 403 } => NotAuthorised,
        { Status: 404 } => NothingMatched,
        { Status: >= 500 or 408 } => Unreachable,
        _ => Usage,
    };
}
