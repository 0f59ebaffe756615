using Microsoft.Extensions.Logging.Abstractions;
using QualGent.Worker.Journal;
using QualGent.Worker.Tests.Agent;
using StackExchange.Redis;

namespace QualGent.Worker.Tests.Journal;

/// <summary>How often a call is repeated, with the errors of a real Redis.</summary>
public sealed class ReportSenderTests : IAsyncLifetime
{
    private const string WrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";
    private readonly TestFolder _folder = new();
    private Pool? _pool;

    private Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task InsistAsync_ErrorThatDoesNotPass_GivesUpAfterSomeTries()
    {
        var calls = 0;
        await Assert.ThrowsAsync<RedisServerException>(() => InsistAsync(_ =>
        {
            calls++;
            return WrongType;
        }));
        Assert.Equal(6, calls);
    }

    [Theory]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.")]
    [InlineData("MISCONF Errors writing to the AOF file")]
    [InlineData("READONLY You can't write against a read only replica.")]
    public async Task InsistAsync_ErrorThatPasses_IsTriedUntilItHasPassed(string error) =>
        Assert.Equal(9, await InsistAsync(call => call < 9 ? error : null));

    private async Task<int> InsistAsync(Func<int, string?> answer)
    {
        using var journal = new ReportJournal(Path.Combine(_folder.Path, "journal.jsonl"), NullLogger<ReportJournal>.Instance);
        var sender = new ReportSender(Pool.Agents, journal, TimeProvider.System, NullLogger<ReportSender>.Instance);
        var redis = (await Pool.Redis.ConnectAsync()).GetDatabase();
        var calls = 0;
        return await sender.InsistAsync(
            async () =>
            {
                if (answer(++calls) is { } error)
                {
                    await redis.ScriptEvaluateAsync("return redis.error_reply(ARGV[1])", [], [error]);
                }

                return calls;
            },
            TestContext.Current.CancellationToken);
    }
}
