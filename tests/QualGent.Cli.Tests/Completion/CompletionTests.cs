using System.Runtime.Versioning;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Completion;

public sealed class CompletionTests
{
    /// <summary>What is typed before the tab, and what the program is called with when return follows.</summary>
    private static readonly (string Typed, string Called)[] s_lines =
    [
        ("qgjob sub", "submit"),
        ("./qgjob run re", "run re"), // report or rerun-failed: the common part
        ("qgjob run rer", "run rerun-failed"),
        ("qgjob submit --test=a.spec.ts --app", "submit --test=a.spec.ts --app-version-id"),
        ("qgjob run list --verdict inc", "run list --verdict incomplete"),
        ("qgjob run list --verdict=inc", "run list --verdict=incomplete"),
        ("qgjob config set ap", "config set api_url"),
        ("qgjob app upload bui", "app upload build.apk"), // what is no word of qgjob is a file
        ("qgjob submit --test=bui", "submit --test=build.apk"),
        ("qgjob nonsense --verd", "nonsense --verd"),
    ];

    /// <summary>Debian has bash; zsh and fish take part where they are installed.</summary>
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Tab_InEveryShellThatIsHere_CompletesWhatStandsBeforeIt()
    {
        foreach (var shell in (string[])["bash", .. InteractiveShell.Installed("zsh", "fish")])
        {
            await using var session = await InteractiveShell.StartAsync(shell);
            foreach (var (typed, called) in s_lines)
            {
                Assert.Equal((shell, typed, called), (shell, typed, await session.TypeAsync(typed)));
            }
        }
    }

    [Theory]
    [InlineData("", "agent|app|artifact|cancel|completion|config|device|hook|list|logs|queue|retry|run|status|submit|test|watch|why")]
    [InlineData("run|re", "report|rerun-failed")]
    [InlineData("run|list|--verdict|", "cancelled|errored|failed|incomplete|passed")]
    [InlineData("run|list|--verdict|=|p", "passed")] // as bash cuts it
    [InlineData("run|list|--verdict|=", "cancelled|errored|failed|incomplete|passed")]
    [InlineData("run|list|--verdict|=|passed|--st", "--state")]
    [InlineData("run|list|--verdict=passed|--verd", "--verdict")]
    [InlineData("submit|--priority=u", "--priority=urgent")]
    [InlineData("submit|--wait|--wa", "--wait|--wait-timeout")]
    [InlineData("submit|--test|", "")]
    [InlineData("status|", "")]
    [InlineData("config|set|", "api_url")]
    [InlineData("--api-url|http://localhost|ag", "agent")]
    public async Task Complete_Words_AnswersWhatMayStandThere(string words, string candidates)
    {
        var outcome = await Qgjob.RunAsync(["complete", "--", .. words.Split('|')]);
        Assert.Equal((0, candidates, ""), (outcome.ExitCode, outcome.Out.TrimEnd().Replace('\n', '|'), outcome.Error));
    }
}
