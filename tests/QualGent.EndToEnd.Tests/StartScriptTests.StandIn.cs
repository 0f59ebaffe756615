namespace QualGent.EndToEnd.Tests;

/// <summary>Restricted feed only: Aspire's own host goes on without a resource that died.</summary>
public sealed partial class StartScriptTests
{
    [Fact]
    public async Task ResourceDiesAtStart_EndsWithItsLastWords()
    {
        await using var start = Start("--no-sample", ("Workers__PortBase", "99999")); // no worker accepts it
        Assert.Equal(CannotStart, await start.WaitForExitAsync(Ct));
        Assert.Contains("'worker-1' failed to start", start.Output, StringComparison.Ordinal);
        Assert.Contains("PortBase", start.Output, StringComparison.Ordinal);
        Assert.Contains("QualGent ended while starting.", start.Output, StringComparison.Ordinal);
        Assert.Empty(_footprint.Left());
    }
}
