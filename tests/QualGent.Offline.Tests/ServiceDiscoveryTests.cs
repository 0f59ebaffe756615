using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace QualGent.Offline.Tests;

public sealed class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("http://api/jobs?x=1", "services:api:http:0")]
    [InlineData("https+http://api/jobs?x=1", "services:api:http:0")]
    [InlineData("http://_admin.api/jobs?x=1", "services:api:admin:0")]
    [InlineData("http://api/jobs?x=1", "services:api:default:0")]
    public async Task Get_ConfiguredService_ReachesIt(string address, string key)
    {
        await using var server = await TestServer.StartAsync((_, context) => context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(context.Request.Path + context.Request.QueryString.Value)).AsTask());
        using var client = Client(new() { [key] = server.Address.ToString() });
        Assert.Equal("/jobs?x=1", await client.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_SeveralAddresses_TakeTurns()
    {
        await using var first = await TestServer.StartAsync((_, _) => Task.CompletedTask);
        await using var second = await TestServer.StartAsync((_, _) => Task.CompletedTask);
        using var client = Client(new() { ["services:api:http:0"] = first.Address.ToString(), ["services:api:http:1"] = second.Address.ToString() });
        for (var i = 0; i < 4; i++)
        {
            await client.GetStringAsync(new Uri("http://api/"), TestContext.Current.CancellationToken);
        }
        Assert.Equal((2, 2), (first.Requests, second.Requests));
    }

    [Fact]
    public async Task Get_UnknownService_GoesWhereTheAddressSays()
    {
        await using var server = await TestServer.StartAsync((_, _) => Task.CompletedTask);
        using var client = Client([]);
        await client.GetStringAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(1, server.Requests);
    }

    private static HttpClient Client(Dictionary<string, string?> configuration)
    {
        var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddHttpClient("x").AddServiceDiscovery();
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("x");
    }
}
