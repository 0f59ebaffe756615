using System.Runtime.Versioning;
using QualGent.Testing;

namespace QualGent.AppHost.Tests;

/// <summary>
/// Where the AppHost takes Redis from, by what is on the PATH. The container clients are scripts, which only the stand-in host
/// believes: compiled in the restricted feed only.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class RedisChoiceTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("qualgent-redis-choice-");
    private readonly Footprint _footprint;

    public RedisChoiceTests() => _footprint = new Footprint(_data.FullName, HostProcess.Samples);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Programs => Path.Combine(_data.FullName, "bin");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task ContainerClient_WithoutADaemonThatAnswers_RedisServerIsTaken()
    {
        AddProgram("docker", "exec sleep 300");
        AddProgram("podman", "echo cannot connect >&2; exit 125");
        using var host = HostProcess.Start(_data.FullName, 25800, _footprint, ("PATH", $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}"));
        await host.UntilUpAsync(Ct);

        Assert.True(File.Exists(Path.Combine(_data.FullName, "redis", "redis.conf")), host.Output);
        host.Signal("TERM");
        await _footprint.GoneAsync(Eventually.Budget, Ct);
    }

    [Fact]
    public async Task ContainerClient_WhoseDaemonAnswers_RedisIsAContainerThatFsyncsAndKeepsItsPassword()
    {
        var asked = Path.Combine(_data.FullName, "asked");
        AddProgram("docker", $"[ \"$1\" = version ] && echo 28.0 && exit; echo \"$*\" >'{asked}'; echo no such image >&2; exit 125");
        using var host = HostProcess.Start(_data.FullName, 25900, _footprint, ("PATH", $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}"));
        await host.Process.WaitForExitAsync(Ct).WaitAsync(Eventually.Budget, TimeProvider.System, Ct);

        Assert.Equal(1, host.Process.ExitCode);
        Assert.Contains("no such image", host.Output, StringComparison.Ordinal);
        var arguments = await File.ReadAllTextAsync(asked, Ct);
        Assert.Matches("^run --rm .*--env REDIS_PASSWORD .*:/data .*--appendonly yes --appendfsync always$", arguments.Trim());
        Assert.False(Directory.Exists(Path.Combine(_data.FullName, "redis")));
        Assert.Empty(_footprint.Left());
    }

    [Fact]
    public async Task NeitherContainersNorRedisServer_SaysWhatToDoAndNothingElse()
    {
        using var host = HostProcess.Start(_data.FullName, 26000, _footprint, ("PATH", Directory.CreateDirectory(Programs).FullName));
        await host.Process.WaitForExitAsync(Ct).WaitAsync(Eventually.Budget, TimeProvider.System, Ct);

        Assert.Equal(1, host.Process.ExitCode);
        Assert.Matches("^QualGent needs Redis and found none. .*apt-get install redis-server.*$", host.Errors); // one line: no stack trace
        Assert.Equal(host.Errors, host.Output);
        Assert.Empty(_footprint.Left());
    }

    private void AddProgram(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Programs).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
