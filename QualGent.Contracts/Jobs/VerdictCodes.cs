namespace QualGent.Contracts;

/// <summary>Why a job ended as it did. <see cref="Retried"/> is the table that decides whether another attempt follows.</summary>
public static class VerdictCodes
{
    public const string Assertion = "assertion";
    public const string Timeout = "timeout";
    public const string Crash = "crash";
    public const string Hang = "hang";
    public const string LoadError = "load_error";
    public const string NoTests = "no_tests";
    public const string NoTestsRan = "no_tests_ran";
    public const string FocusedTests = "focused_tests";
    public const string NotFound = "not_found";
    public const string UnsupportedVersion = "unsupported_version";
    public const string SetupFailed = "setup_failed";
    public const string RunnerError = "runner_error";
    public const string Infrastructure = "infrastructure";
    public const string InstallFailed = "install_failed";
    public const string QueueTimeout = "queue_timeout";
    public const string Cancelled = "cancelled";

    /// <summary>
    /// Whether a failure with this code deserves another attempt while attempts are left. What a second run cannot change
    /// (a file that does not load, is missing, has no tests …) is final at once.
    /// </summary>
    public static bool Retried(string code) => code is Assertion or Timeout or Crash or Hang or SetupFailed or RunnerError;
}
