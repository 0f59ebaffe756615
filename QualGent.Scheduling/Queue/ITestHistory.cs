using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.Scheduling.Queue;

/// <summary>What the queue remembers of tests beyond the retention of their jobs, and what an organisation holds against them.</summary>
public interface ITestHistory
{
    /// <summary>One page of an organisation's tests, by path.</summary>
    Task<TestPage> ListAsync(TestQuery query, CancellationToken cancellationToken);

    /// <summary>How long a test takes, in milliseconds, as expected and at most in nine of ten cases; null when it never ran to an end.</summary>
    Task<(long P50, long P90)?> ExpectedAsync(string orgId, string testPath, CancellationToken cancellationToken);

    /// <summary>The expected time of each of some tests, in milliseconds; null for those that never ran to an end.</summary>
    Task<IReadOnlyList<long?>> ExpectedAsync(string orgId, IReadOnlyList<string> testPaths, CancellationToken cancellationToken);

    /// <summary>The tests of an organisation that do not count towards verdicts, by path.</summary>
    Task<QuarantineList> ListQuarantineAsync(string orgId, CancellationToken cancellationToken);

    /// <summary>Puts a test into quarantine, or changes why it is there; holds for runs accepted from now on.</summary>
    /// <returns>Whether there was room: <see cref="Limits.QuarantinedTests"/>.</returns>
    Task<bool> QuarantineAsync(string orgId, QuarantinedTest test, CancellationToken cancellationToken);

    /// <summary>Lets a test count again, in runs accepted from now on.</summary>
    /// <returns>Whether it was in quarantine.</returns>
    Task<bool> ReleaseAsync(string orgId, string testPath, CancellationToken cancellationToken);
}
