using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.AppHost.Tests;

public sealed class ApplicationTests(RunningAppHost host) : IClassFixture<RunningAppHost>
{
    // "dotnet /…/QualGent.Api.dll" or "/…/QualGent.Api": how the two hosts start a project; not "dotnet run --project …".
    private static readonly Regex s_services = new(@"^(dotnet )?\S*QualGent\.(Api|Worker)(\.dll)?$");

    [Fact]
    public async Task Api_OneOfTwoReplicasKilled_EveryRequestIsStillAnswered()
    {
        using var client = host.Application.CreateHttpClient("api");
        await AssertAnswersAsync(client);
        var replicas = Services("QualGent.Api");
        Assert.Equal(2, replicas.Count);
        using (var victim = Process.GetProcessById(replicas[0].Id))
        {
            victim.Kill();
            await victim.WaitForExitAsync(TestContext.Current.CancellationToken); // The hosts call its state by different names.
        }
        await AssertAnswersAsync(client);
    }

    [Theory]
    [InlineData("appendonly", "yes")]
    [InlineData("appendfsync", "always")]
    public async Task Redis_Setting_IsDurable(string name, string value)
    {
        var client = await ConnectAsync(Redis());
        var reply = (RedisResult[])(await client.GetDatabase().ExecuteAsync("CONFIG", "GET", name))!;
        Assert.Equal(value, (string?)reply[1]);
        await client.CloseAsync();
    }

    [Fact]
    public async Task Redis_WithoutPassword_Refuses()
    {
        var address = Redis().Split(',')[0];
        var client = await ConnectAsync(address);
        var error = await Assert.ThrowsAnyAsync<RedisException>(() => client.GetDatabase().PingAsync());
        Assert.Contains("NOAUTH", error.ToString(), StringComparison.Ordinal);
        await client.CloseAsync();
    }

    [Fact]
    public void Redis_Password_IsInNoCommandLineAndReadableByOwnerOnly()
    {
        var password = Redis().Split("password=")[1];
        Assert.True(password.Length >= 32);
        Assert.DoesNotContain(RunningProcess.Naming(password), p => p.CommandLine.Contains(password, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(host.DataDir, "redis", "password")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(host.DataDir, "redis", "redis.conf")));
        }
    }

    [Fact]
    public void ConnectionString_ReachesApiAndWorkers()
    {
        var workers = Services("QualGent.Worker");
        Assert.Equal(2, workers.Count);
        Assert.All([.. workers, .. Services("QualGent.Api")], p => Assert.Equal(Redis(), p.Environment["ConnectionStrings__redis"]));
    }

    [Fact]
    public void Workers_Settings_AreDisjoint()
    {
        var workers = Services("QualGent.Worker");
        Assert.Equal(["worker-1", "worker-2"], workers.Select(w => w.Environment["Worker__Name"]).Order());
        Assert.Equal(["24000", "24100"], workers.Select(w => w.Environment["Worker__PortBase"]).Order());
        Assert.Equal(2, workers.Select(w => w.Environment["Worker__StateDir"]).Distinct().Count());
        Assert.Equal(2, workers.Select(w => w.Environment["ASPNETCORE_URLS"]).Distinct().Count());
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(string connectionString)
    {
        var client = await ConnectionMultiplexer.ConnectAsync(connectionString + ",abortConnect=false,allowAdmin=true");
#pragma warning disable CS0618 // Needed by 1.2.6, without effect later.
        client.PreserveAsyncOrder = false;
#pragma warning restore CS0618
        return client;
    }

    private static async Task AssertAnswersAsync(HttpClient client)
    {
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    /// <summary>The processes themselves, without those that supervise them.</summary>
    private List<RunningProcess> Services(string assembly) =>
        [.. RunningProcess.Naming(Redis()).Where(p => s_services.IsMatch(p.CommandLine) && p.CommandLine.Contains(assembly, StringComparison.Ordinal))];

    private string Redis() => host.Application.GetConnectionStringAsync("redis", TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult()!;
}
