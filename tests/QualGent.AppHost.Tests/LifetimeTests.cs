using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using QualGent.Testing;

namespace QualGent.AppHost.Tests;

/// <summary>How the stand-in host starts, fails and ends; compiled in the restricted feed only.</summary>
public sealed class LifetimeTests : IDisposable
{
    private static readonly TimeSpan s_promise = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("qualgent-lifetime-");
    private readonly Footprint _footprint;

    public LifetimeTests() => _footprint = new Footprint(_data.FullName, HostProcess.Samples);

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_EverythingRunning_NothingLeftWithinTenSeconds(string signal)
    {
        using var host = Start(25000);
        await UntilUpAsync(host);

        host.Signal(signal);
        await _footprint.GoneAsync(s_promise, TestContext.Current.CancellationToken);
        await host.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Equal(["blobs", "dependencies", "redis", "tmp", "workers"], _data.EnumerateFileSystemInfos().Select(entry => entry.Name).Order());
    }

    [Fact]
    public async Task Kill9_OfTheHost_NothingLeftWithinTenSeconds()
    {
        using var host = Start(25200);
        await UntilUpAsync(host);

        host.Signal("KILL");
        await _footprint.GoneAsync(s_promise, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ResourceDiesAtStart_Host_SaysWhichAndWhyAndEndsWithOne()
    {
        // No worker accepts this port.
        using var host = Start(99_999);
        await host.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(1, host.Process.ExitCode);
        Assert.Contains("'worker-1' failed to start (exit code ", host.Output, StringComparison.Ordinal);
        Assert.Contains("PortBase", host.Output, StringComparison.Ordinal);
        Assert.Empty(_footprint.Left());
    }

    [Fact]
    public async Task PortOfTheApiTaken_Host_SaysWhichAndEndsWithOne()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var host = HostProcess.Start(_data.FullName, 25700, port, _footprint);
        await host.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(1, host.Process.ExitCode);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"'api' needs port {port}"), host.Output, StringComparison.Ordinal);
        Assert.Empty(_footprint.Left());
    }

    [Fact]
    public async Task SecondHost_OnTheSameData_IsRefusedAndTheFirstGoesOn()
    {
        using var first = Start(25400);
        await UntilUpAsync(first);

        using var second = Start(25500);
        await second.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(1, second.Process.ExitCode);
        Assert.Contains("'redis-server' failed to start", second.Output, StringComparison.Ordinal);
        Assert.False(first.Process.HasExited);
        first.Signal("TERM");
        await first.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_promise, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(_footprint.Left());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Dashboard_CannotStart_HostSaysWhyAndGoesOn()
    {
        var cli = Path.Combine(_data.CreateSubdirectory("bin").FullName, "aspire");
        await File.WriteAllTextAsync(cli, "#!/bin/sh\necho no such command >&2\nexit 1\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(cli, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var host = HostProcess.Start(_data.FullName, 25600, _footprint, ("PATH", $"{Path.GetDirectoryName(cli)}:{Environment.GetEnvironmentVariable("PATH")}"));
        await UntilUpAsync(host);

        Assert.Contains("No Aspire dashboard", host.Output, StringComparison.Ordinal);
        Assert.Contains("no such command", host.Output, StringComparison.Ordinal);
        host.Signal("TERM");
        await _footprint.GoneAsync(s_promise, TestContext.Current.CancellationToken);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Dashboard_WhoLooksNeedsATokenAndWhoSendsAKey_AndNoProcessListShowsThem()
    {
        // In the place of the CLI: writes down how it was started, then listens for telemetry.
        var cli = Path.Combine(_data.CreateSubdirectory("bin").FullName, "aspire");
        await File.WriteAllTextAsync(
            cli,
            $"""
            #!/bin/sh
            echo "$*" >'{_data.FullName}/arguments'; env >'{_data.FullName}/environment'
            while [ "$1" != --otlp-grpc-url ]; do shift; done
            exec node -e 'require("net").createServer().listen(new URL(process.argv[1]).port)' "$2"

            """,
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(cli, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var host = HostProcess.Start(_data.FullName, 25700, _footprint, ("PATH", $"{Path.GetDirectoryName(cli)}:{Environment.GetEnvironmentVariable("PATH")}"));
        await UntilUpAsync(host);

        var environment = await File.ReadAllLinesAsync(Path.Combine(_data.FullName, "environment"), TestContext.Current.CancellationToken);
        var (token, key) = (Value("DASHBOARD__FRONTEND__BROWSERTOKEN"), Value("DASHBOARD__OTLP__PRIMARYAPIKEY"));
        Assert.Matches($"Aspire dashboard: http://localhost:[0-9]+/login\\?t={token}", host.Output);
        Assert.Equal("ApiKey", Value("DASHBOARD__OTLP__AUTHMODE"));
        Assert.NotEqual(token, key);
        var arguments = await File.ReadAllTextAsync(Path.Combine(_data.FullName, "arguments"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("anonymous", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain(token, arguments, StringComparison.Ordinal);
        Assert.DoesNotContain(key, arguments, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Matches(arguments, "http://localhost:[0-9]+").Select(url => url.Value).Distinct().Count());
        Assert.Contains(Directory.EnumerateDirectories("/proc").Where(folder => char.IsDigit(Path.GetFileName(folder)[0])).Select(Environ), of => of.Contains($"OTEL_EXPORTER_OTLP_HEADERS=x-otlp-api-key={key}", StringComparison.Ordinal));
        host.Signal("TERM");
        await _footprint.GoneAsync(s_promise, TestContext.Current.CancellationToken);

        string Value(string name) => environment.Single(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
    }

    private static string Environ(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // gone meanwhile, or another user's
        }
    }

    private HostProcess Start(int portBase) => HostProcess.Start(_data.FullName, portBase, _footprint);

    private async Task UntilUpAsync(HostProcess host)
    {
        await host.UntilUpAsync(TestContext.Current.CancellationToken);
        _footprint.Look();
        Assert.True(_footprint.Ports.Count >= 3, "Redis, API and worker listen.");
    }
}
