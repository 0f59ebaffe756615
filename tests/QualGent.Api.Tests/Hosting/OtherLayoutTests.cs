using QualGent.Testing;

namespace QualGent.Api.Tests.Hosting;

/// <summary>Data in Redis that another version of the program wrote.</summary>
public sealed class OtherLayoutTests
{
    [Fact]
    public async Task Start_OnDataOfAnotherLayout_EndsWithOneSentenceThatSaysWhatToDo()
    {
        await using var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        using var client = await redis.ConnectAsync();
        await client.GetDatabase().StringSetAsync("qg:{main}:schema", 1);

        await using var process = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Blobs__Folder"] = Path.GetTempPath(),
        });

        Assert.Equal(1, await process.WaitForExitAsync(TestContext.Current.CancellationToken));
        Assert.Contains("layout version 1, this program knows version", process.Output, StringComparison.Ordinal);
        Assert.Contains("start with an empty Redis", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.Equal(1, await client.GetDatabase().StringGetAsync("qg:{main}:schema"));
    }
}
