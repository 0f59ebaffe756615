using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Config;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly TempProject _home = new("project/appwright.config.ts");
    private readonly Dictionary<string, string> _variables;

    public ConfigCommandTests() => _variables = new() { ["XDG_CONFIG_HOME"] = _home["settings"] };

    private string File => _home["settings/qgjob/config.json"];

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Set_ThenShow_IsWhatWasSetAndNamesItsFile()
    {
        Assert.Matches("api_url +http://localhost:5180/ +the default", (await RunAsync("config", "show")).Out);

        var set = await RunAsync("config", "set", "api_url", "http://build-host:5180");
        Assert.Equal((0, "", $"Wrote {File}.\n"), (set.ExitCode, set.Out, set.Error));

        Assert.Matches($"api_url +http://build-host:5180/ +{File}", (await RunAsync("config", "show")).Out);
        Assert.Contains("\"api_url\": \"http://build-host:5180/\"", (await RunAsync("config", "show", "--json")).Out, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_home["settings/qgjob"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public async Task Set_Again_ReplacesTheValueAndKeepsALinkToTheFile()
    {
        _home.Write("dotfiles/qgjob.json", """{ "api_url": "http://old-host:5180" }""");
        Directory.CreateDirectory(_home["settings/qgjob"]);
        System.IO.File.CreateSymbolicLink(File, _home["dotfiles/qgjob.json"]);

        Assert.Equal(0, (await RunAsync("config", "set", "api_url", "http://new-host:5180")).ExitCode);

        Assert.Equal(_home["dotfiles/qgjob.json"], new FileInfo(File).LinkTarget);
        Assert.Matches("api_url +http://new-host:5180/", (await RunAsync("config", "show")).Out);
    }

    [Fact]
    public async Task Set_WhereSomethingNearerSaysOtherwise_SaysSo()
    {
        _home.Write("project/qgjob.json", """{ "api_url": "http://127.0.0.1:1/project" }""");
        var set = await RunAsync("config", "set", "api_url", "http://build-host:5180");
        Assert.Equal(0, set.ExitCode);
        Assert.Contains($"http://127.0.0.1:1/project/ nevertheless, which comes from {_home["project/qgjob.json"]}", set.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_OverABrokenFile_IsRefusedAndLeavesItAsItIs()
    {
        _home.Write("settings/qgjob/config.json", "{ \"token\": 1 }");
        var set = await RunAsync("config", "set", "api_url", "http://build-host:5180");
        Assert.Equal(2, set.ExitCode);
        Assert.Contains($"{File}:1:", set.Error, StringComparison.Ordinal);
        Assert.Contains("token", set.Error, StringComparison.Ordinal);
        Assert.Equal("{ \"token\": 1 }", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Set_WhereNothingCanBeWritten_EndsWithTwoAndSaysWhy()
    {
        _home.Write("settings", "a file");
        var set = await RunAsync("config", "set", "api_url", "http://build-host:5180");
        Assert.Equal(2, set.ExitCode);
        Assert.Contains($"{File} cannot be written", set.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://me:hush-1@build-host:5180")]
    [InlineData("http://build-host:5180/?key=hush-1")]
    [InlineData("ftp://me:hush-1@build-host")]
    public async Task Set_AnAddressWithASecret_IsRefusedAndDoesNotRepeatIt(string address)
    {
        foreach (var outcome in (Outcome[])[await RunAsync("config", "set", "api_url", address), await RunAsync("config", "show", "--api-url", address)])
        {
            Assert.Equal((2, ""), (outcome.ExitCode, outcome.Out));
            Assert.Contains("Write it as http://host:port", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hush-1", outcome.Error, StringComparison.Ordinal);
        }

        Assert.False(System.IO.File.Exists(File));
    }

    private Task<Outcome> RunAsync(params string[] args) => Qgjob.RunAsync(args, _home["project"], _variables);
}
