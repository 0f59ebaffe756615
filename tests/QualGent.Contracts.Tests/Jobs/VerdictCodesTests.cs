using System.Reflection;

namespace QualGent.Contracts.Tests.Jobs;

public sealed class VerdictCodesTests
{
    // The whole table: a new code has to be entered here, and with it the decision whether it is worth another attempt.
    private static readonly Dictionary<string, bool> s_retried = new()
    {
        ["assertion"] = true,
        ["timeout"] = true,
        ["crash"] = true,
        ["hang"] = true,
        ["setup_failed"] = true,
        ["runner_error"] = true,
        ["load_error"] = false,
        ["no_tests"] = false,
        ["no_tests_ran"] = false,
        ["focused_tests"] = false,
        ["not_found"] = false,
        ["unsupported_version"] = false,
        ["infrastructure"] = false,
        ["install_failed"] = false,
        ["queue_timeout"] = false,
        ["cancelled"] = false,
    };

    [Fact]
    public void Retried_EveryCode_FollowsTheTable()
    {
        var codes = typeof(VerdictCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToArray();

        Assert.Equal(s_retried, codes.ToDictionary(code => code, VerdictCodes.Retried));
    }

    [Fact]
    public void Retried_UnknownCode_IsFinal() => Assert.False(VerdictCodes.Retried("from the future"));
}
