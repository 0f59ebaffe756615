using QualGent.Testing;

namespace QualGent.AppHost.Tests;

public sealed class LifetimeTests : IDisposable
{
    private static readonly TimeSpan s_promise = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("qualgent-lifetime-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_EverythingRunning_NoProcessLeftWithinTenSeconds(string signal)
    {
        using var host = HostProcess.Start(_data.FullName, 25000);
        await host.UntilUpAsync(TestContext.Current.CancellationToken);
        Assert.True(ProcessTable.WithEnvironment(_data.FullName).Count >= 4);

        host.Signal(signal);
        await Eventually.HoldsAsync(() => ProcessTable.WithEnvironment(_data.FullName).Count == 0, "all processes are gone", TestContext.Current.CancellationToken, s_promise);
        await host.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task Kill9_OfTheHost_NoProcessLeftWithinTenSeconds()
    {
        using var host = HostProcess.Start(_data.FullName, 25200);
        await host.UntilUpAsync(TestContext.Current.CancellationToken);

        host.Signal("KILL");
        await Eventually.HoldsAsync(() => ProcessTable.WithEnvironment(_data.FullName).Count == 0, "all processes are gone", TestContext.Current.CancellationToken, s_promise);
    }

    [Fact]
    public async Task ResourceDiesAtStart_Host_SaysWhichAndWhyAndEndsWithOne()
    {
        // No worker accepts this port.
        using var host = HostProcess.Start(_data.FullName, 99_999);
        await host.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(1, host.Process.ExitCode);
        Assert.Contains("'worker-1' failed to start (exit code ", host.Output, StringComparison.Ordinal);
        Assert.Contains("PortBase", host.Output, StringComparison.Ordinal);
        Assert.Empty(ProcessTable.WithEnvironment(_data.FullName));
    }

    [Fact]
    public async Task SecondHost_OnTheSameData_IsRefusedAndTheFirstGoesOn()
    {
        using var first = HostProcess.Start(_data.FullName, 25400);
        await first.UntilUpAsync(TestContext.Current.CancellationToken);

        using var second = HostProcess.Start(_data.FullName, 25500);
        await second.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(1, second.Process.ExitCode);
        Assert.Contains("'redis-server' failed to start", second.Output, StringComparison.Ordinal);
        Assert.False(first.Process.HasExited);
        first.Signal("TERM");
        await first.Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_promise, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
