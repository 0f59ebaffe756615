using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Tests.Harness;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>Names in the store, the scripts' own contract, and the registration.</summary>
public sealed class LayoutTests(RedisFixture redis)
{
    private static readonly Dictionary<string, string> s_good = new()
    {
        ["go"] = "#!lua\n-- KEYS: 1\n-- ARGV: 1 now_ms\n-- Returns: nothing\n-- Events: none\n--- @include \"keys\"\nreturn 1\n",
        ["includes/keys"] = "local P = KEYS[1]\n",
    };

    [Fact]
    public void Keys_AreTheseLiterals()
    {
        var keys = new RedisKeys("main");
        Assert.Equal(
            ["qg:{main}:schema", "qg:{main}:run:run_1", "qg:{main}:run:run_1:tests", "qg:{main}:job:job_1_0", "qg:{main}:ready:o|v|c|clear|", "qg:{main}:device:d:jobs", "qg:{main}:leases"],
            new[] { keys.Schema, keys.Run("run_1"), keys.Tests("run_1"), keys.Job("job_1_0"), keys.Ready("o|v|c|clear|"), keys.DeviceJobs("d"), keys.Leases }.Select(key => (string)key!));
        Assert.Equal("qg:{main}:wake:agt_1", (string)keys.Wake("agt_1")!);
    }

    [Fact]
    public void Lane_OfOddNames_IsUnambiguous()
    {
        var run = QueueHarness.Run(org: "a.b", app: "1_2-3+4", project: "i|ö");
        Assert.Equal(("a.b|1_2-3+4|emulator/android", "a.b|1_2-3+4|emulator/android|clear||i|ö"), (new Lane(run).Group, new Lane(run).Text));
    }

    [Fact]
    public void Scripts_OfThisAssembly_AreSmallAndOnlyRefuseWorkWhenRedisIsFull()
    {
        Assert.Equal(["accept", "accept_matrix", "show_tests", "write_log"], LuaScripts.Names.Where(name => !LuaScripts.Text(name).StartsWith("#!lua flags=allow-oom\n", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("claim", LuaScripts.Names);
    }

    [Fact]
    public void Scripts_InWhichAJobMayChange_EndWithSettle()
    {
        var settled = LuaScripts.Names.Where(name => LuaScripts.Text(name).Contains("local function settle()", StringComparison.Ordinal)).ToList();

        Assert.Contains("finish", settled);
        Assert.All(settled, name => Assert.Matches(@"(?m)^ *settle\(\)$", LuaScripts.Text(name)));
    }

    [Theory]
    [InlineData("go", "-- Returns: nothing\n", "", "header")]
    [InlineData("go", "#!lua", "--", "must begin")]
    [InlineData("go", "\"keys\"", "\"keyz\"", "does not exist")]
    [InlineData("includes/keys", "KEYS[1]", "KEYS[2]", "KEYS[1] only")]
    public void Join_OfABrokenScript_SaysWhatIsWrong(string file, string text, string replacement, string expected)
    {
        Assert.Equal(["go"], LuaScripts.Join(s_good).Keys);
        var broken = new Dictionary<string, string>(s_good) { [file] = s_good[file].Replace(text, replacement, StringComparison.Ordinal) };
        Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() => LuaScripts.Join(broken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_OfAnotherVersion_IsRefusedWithAWayOut()
    {
        var (database, keys) = (redis.Connection.GetDatabase(), new RedisKeys("test-schema"));
        await RedisSchema.EnsureAsync(database, keys);
        await RedisSchema.EnsureAsync(database, keys);
        await database.StringSetAsync(keys.Schema, 99);

        var refusal = await Assert.ThrowsAsync<QueueLayoutException>(() => RedisSchema.EnsureAsync(database, keys));

        Assert.Contains("version 99", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Scheduling:Pool", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddScheduling_InAHost_SweepsByItself()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Scheduling:Pool"] = "test-host";
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis.Connection);
        builder.AddScheduling();
        using var host = builder.Build();
        await host.StartAsync(QueueHarness.Ct);

        await Testing.Eventually.GetAsync(
            async () => (await redis.Connection.GetDatabase().HashGetAsync("qg:{test-host}:sweep", "last_ms")).HasValue, swept => swept, "a sweep", QueueHarness.Ct);
        Assert.IsType<AcceptResult.Accepted>(await host.Services.GetRequiredService<IJobQueue>().AcceptAsync(QueueHarness.Run(), null, QueueHarness.Ct));
        await host.StopAsync(QueueHarness.Ct);
    }

    [Theory]
    [InlineData("Pool", "Not A Pool", "Pool")]
    [InlineData("LeaseDuration", "00:00:01", "LeaseDuration")]
    [InlineData("RetryMaxDelay", "00:00:01", "RetryBaseDelay")]
    [InlineData("QueuedMax", "5", "QueuedPerOrgMax")]
    public async Task AddScheduling_WithASettingThatCannotWork_NamesItAtTheStart(string setting, string value, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"Scheduling:{setting}"] = value;
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis.Connection);
        builder.AddScheduling();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(QueueHarness.Ct));

        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pause_AfterFailures_GrowsToALimit()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(250), QueueUpkeep.Pause(0, 0));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), QueueUpkeep.Pause(1, 1));
        Assert.Equal(TimeSpan.FromSeconds(5), QueueUpkeep.Pause(50, 0.5));
    }
}
