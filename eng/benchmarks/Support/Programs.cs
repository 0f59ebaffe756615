using System.Globalization;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Bench.Support;

/// <summary>The programs that are compared, as processes of their own.</summary>
internal static class Programs
{
    public static async Task<ServiceProcess> StartApiAsync(RedisServer redis, Uri url, CancellationToken cancellationToken, string? blobs = null)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["ASPNETCORE_URLS"] = url.ToString(),
            ["Scheduling__QueuedPerOrgMax"] = "10000000",
            ["Scheduling__QueuedMax"] = "10000000",
        };
        if (blobs is not null)
        {
            settings["Blobs__Folder"] = blobs;
        }

        var api = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], settings);
        return await HealthyAsync(api, new Uri(url, "/health"), cancellationToken);
    }

    /// <summary>The reference's shape; needs Debian's python3-fastapi, uvicorn and python3-redis.</summary>
    public static async Task<ServiceProcess> StartReferenceAsync(RedisServer redis, Uri url, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-m", "uvicorn", "app:app", "--app-dir", Peer("reference"), "--host", "127.0.0.1",
            "--port", url.Port.ToString(CultureInfo.InvariantCulture), "--no-access-log", "--log-level", "warning",
        ];
        var reference = ServiceProcess.Start("/usr/bin/python3", arguments, new Dictionary<string, string> { ["BENCH_REDIS_URL"] = $"redis://:{Password(redis)}@127.0.0.1:{redis.Port}/0" });
        return await HealthyAsync(reference, new Uri(url, "/openapi.json"), cancellationToken);
    }

    public static string Peer(string name) => Path.Combine(Repository.Root, "eng/benchmarks/peers", name);

    public static string Password(RedisServer redis) => ConfigurationOptions.Parse(redis.ConnectionString).Password!;

    public static Uri FreeUrl() => new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await using var process = ServiceProcess.Start(program, arguments, environment);
        var code = await process.WaitForExitAsync(cancellationToken);
        return code == 0 ? process.Output : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {code}: {process.Output}");
    }

    /// <summary>Waits until a process answers. A start that fails or is interrupted leaves none behind.</summary>
    public static async Task<ServiceProcess> HealthyAsync(ServiceProcess process, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitHealthyAsync(url, cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
