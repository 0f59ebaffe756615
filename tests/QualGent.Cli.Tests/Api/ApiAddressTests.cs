using QualGent.Cli.Api;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Api;

public sealed class ApiAddressTests : IDisposable
{
    private readonly TempProject _home = new("project/tests/a.spec.ts", "settings/x");

    /// <summary>Every source from the strongest to the weakest; each wins once those before it are gone.</summary>
    [Fact]
    public async Task Find_Sources_WinInTheDocumentedOrder()
    {
        var variables = new Dictionary<string, string>
        {
            ["XDG_CONFIG_HOME"] = _home["settings"],
            ["QUALGENT_API_URL"] = "http://127.0.0.1:1/variable",
            ["services__api__https__0"] = "https://127.0.0.1:1/https",
            ["services__api__http__0"] = "http://127.0.0.1:1/http",
        };
        _home.Write("project/qgjob.json", """{ "api_url": "http://127.0.0.1:1/project" }""");
        _home.Write("qgjob.json", """{ "api_url": "http://127.0.0.1:1/parent" }""");
        _home.Write("settings/qgjob/config.json", """{ "api_url": "http://127.0.0.1:1/user" }""");

        Assert.Equal(("http://127.0.0.1:1/option/", "--api-url"), await FindAsync("http://127.0.0.1:1/option"));
        Assert.Equal(("http://127.0.0.1:1/variable/", "the variable QUALGENT_API_URL"), await FindAsync());
        variables.Remove("QUALGENT_API_URL");
        Assert.Equal(("https://127.0.0.1:1/https/", "the variable services__api__https__0"), await FindAsync());
        variables.Remove("services__api__https__0");
        Assert.Equal(("http://127.0.0.1:1/http/", "the variable services__api__http__0"), await FindAsync());
        variables.Remove("services__api__http__0");
        Assert.Equal(("http://127.0.0.1:1/project/", _home["project/qgjob.json"]), await FindAsync());
        File.Delete(_home["project/qgjob.json"]);
        Assert.Equal(("http://127.0.0.1:1/parent/", _home["qgjob.json"]), await FindAsync());
        File.Delete(_home["qgjob.json"]);
        Assert.Equal(("http://127.0.0.1:1/user/", _home["settings/qgjob/config.json"]), await FindAsync());
        File.Delete(_home["settings/qgjob/config.json"]);
        Assert.Equal(("http://localhost:5180/", "the default"), await FindAsync());

        Task<(string, string)> FindAsync(string? option = null)
        {
            var surroundings = Surroundings.OfThisProcess() with { Variable = variables.GetValueOrDefault };
            var found = ApiAddress.Find(option, surroundings, _home["project/tests"]);
            return Task.FromResult((found.Uri.ToString(), found.Source));
        }
    }

    [Theory]
    [InlineData("{\n  \"api_url\": http://x\n}", "qgjob.json:2:14: ")]
    [InlineData("", "qgjob.json:1:1: ")]
    [InlineData("{ \"api-url\": \"http://x\" }", "api-url")]
    [InlineData("{ \"api_url\": 5 }", "qgjob.json:1:")]
    [InlineData("{ \"api_url\": \"nonsense\" }", "'nonsense'")]
    public async Task Run_BrokenSettings_EndsWithTwoAndNamesTheFile(string content, string text)
    {
        _home.Write("project/qgjob.json", content);
        var outcome = await Qgjob.RunAsync(["queue", "show"], _home["project"]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(_home["project/qgjob.json"], outcome.Error, StringComparison.Ordinal);
        Assert.Contains(text, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NobodyThere_EndsWithNineAndSaysWhereTheAddressCameFrom()
    {
        var outcome = await Qgjob.RunAsync(["queue", "show"], variables: new Dictionary<string, string> { ["services__api__http__0"] = $"http://127.0.0.1:{QualGent.Testing.FreePort.Next()}" });
        Assert.Equal(9, outcome.ExitCode);
        Assert.Contains("Connection refused", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("The address comes from the variable services__api__http__0.", outcome.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _home.Dispose();
}
