using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Histories as <c>remember.lua</c> writes them, and the quarantine, a hash of JSON by test.</summary>
internal sealed class RedisTestHistory(QueueScripts scripts) : ITestHistory
{
    private const int RecordsPerRead = 500;

    private IDatabase Database => scripts.Database;

    private RedisKeys Keys => scripts.Keys;

    /// <inheritdoc/>
    public async Task<TestPage> ListAsync(TestQuery query, CancellationToken cancellationToken)
    {
        var (known, quarantine) = (Database.SortedSetRangeByScoreAsync(Keys.Tested(query.OrgId)).InTime(), Database.HashKeysAsync(Keys.Quarantine(query.OrgId)).InTime());
        await Task.WhenAll(known, quarantine);
        var quarantined = (await quarantine).Select(test => (string)test!).ToHashSet(StringComparer.Ordinal);
        var limit = query.Limit ?? Limits.PageSizeDefault;
        var found = new List<TestView>();
        var behind = (await known).Select(test => (string)test!)
            .Where(test => query.Cursor is null || string.CompareOrdinal(test, query.Cursor) > 0)
            .Order(StringComparer.Ordinal);
        foreach (var chunk in behind.Chunk(RecordsPerRead))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var records = await Database.HashGetAsync(Keys.History(query.OrgId), [.. chunk.Select(test => (RedisValue)test)]).InTime();
            foreach (var (test, stored) in chunk.Zip(records))
            {
                if (stored.IsNull || new TestRecord((string)stored!) is not { } record || (query.Flaky && !record.IsFlaky))
                {
                    continue;
                }

                if (found.Count == limit)
                {
                    return new TestPage(found, found[^1].TestPath);
                }

                found.Add(record.View(test, quarantined.Contains(test)));
            }
        }

        return new TestPage(found, null);
    }

    /// <inheritdoc/>
    public async Task<(long P50, long P90)?> ExpectedAsync(string orgId, string testPath, CancellationToken cancellationToken) =>
        await Database.HashGetAsync(Keys.History(orgId), testPath).InTime() is { HasValue: true } stored ? new TestRecord((string)stored!).Durations : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<long?>> ExpectedAsync(string orgId, IReadOnlyList<string> testPaths, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var stored = await Task.WhenAll(testPaths.Chunk(RecordsPerRead).Select(chunk => Database.HashGetAsync(Keys.History(orgId), [.. chunk.Select(test => (RedisValue)test)]).InTime()));
        return [.. stored.SelectMany(chunk => chunk).Select(record => record.IsNull ? (long?)null : new TestRecord((string)record!).Durations.P50)];
    }

    /// <inheritdoc/>
    public async Task<QuarantineList> ListQuarantineAsync(string orgId, CancellationToken cancellationToken)
    {
        var stored = await Database.HashValuesAsync(Keys.Quarantine(orgId)).InTime();
        return new QuarantineList([.. stored.Select(test => JsonSerializer.Deserialize((string)test!, ContractsJson.Default.QuarantinedTest)!).OrderBy(test => test.TestPath, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public async Task<bool> QuarantineAsync(string orgId, QuarantinedTest test, CancellationToken cancellationToken) =>
        (int)await scripts.RunAsync("put_quarantine", orgId, test.TestPath, JsonSerializer.Serialize(test, ContractsJson.Default.QuarantinedTest), Limits.QuarantinedTests) == 1;

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(string orgId, string testPath, CancellationToken cancellationToken) =>
        await Database.HashDeleteAsync(Keys.Quarantine(orgId), testPath).InTime();
}
