using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>History of tests, and their quarantine.</summary>
public sealed partial class QualGentClient
{
    /// <summary>One page of an organisation's tests, by path.</summary>
    public Task<TestPage> ListTestsAsync(TestQuery query, CancellationToken cancellationToken) =>
        GetAsync("v1/tests" + query.ToQueryString(), ContractsJson.Default.TestPage, cancellationToken);

    /// <summary>The tests of an organisation that count for nothing.</summary>
    public Task<QuarantineList> ListQuarantineAsync(string orgId, CancellationToken cancellationToken) =>
        GetAsync(QuarantinePath(orgId), ContractsJson.Default.QuarantineList, cancellationToken);

    /// <summary>Puts a test into quarantine, or gives another reason. May be repeated.</summary>
    public Task<QuarantinedTest> QuarantineAsync(string orgId, QuarantineRequest test, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Put, QuarantinePath(orgId), test, ContractsJson.Default.QuarantineRequest, ContractsJson.Default.QuarantinedTest, cancellationToken);

    /// <summary>Lets a test count again.</summary>
    /// <exception cref="ApiProblemException"><see cref="ProblemCodes.NotFound"/> when it is not in quarantine.</exception>
    public Task ReleaseAsync(string orgId, string testPath, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"{QuarantinePath(orgId)}?test_path={Uri.EscapeDataString(testPath)}", cancellationToken);

    private static string QuarantinePath(string orgId) => $"v1/orgs/{Uri.EscapeDataString(orgId)}/quarantine";
}
