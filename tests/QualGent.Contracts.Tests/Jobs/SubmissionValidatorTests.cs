namespace QualGent.Contracts.Tests.Jobs;

public sealed class SubmissionValidatorTests
{
    private static readonly SubmitJobRequest s_good = new() { OrgId = "qualgent", AppVersionId = "xyz123", TestPath = "tests/onboarding.spec.js" };

    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Name of the case, the request, and the field that must be reported.</summary>
    public static TheoryData<string, SubmitJobRequest, string> Mistakes => new()
    {
        { "no org", s_good with { OrgId = null }, "org_id" },
        { "empty org", s_good with { OrgId = "" }, "org_id" },
        { "blank org", s_good with { OrgId = " " }, "org_id" },
        { "org with a slash", s_good with { OrgId = "a/b" }, "org_id" },
        { "org that starts with a dot", s_good with { OrgId = ".." }, "org_id" },
        { "org with a line end", s_good with { OrgId = "a\n" }, "org_id" },
        { "org of 65 characters", s_good with { OrgId = new string('a', 65) }, "org_id" },
        { "org with a brace", s_good with { OrgId = "a}b" }, "org_id" },
        { "no app version", s_good with { AppVersionId = null }, "app_version_id" },
        { "app version with a colon", s_good with { AppVersionId = "a:b" }, "app_version_id" },
        { "no test", s_good with { TestPath = null }, "test_path" },
        { "blank test", s_good with { TestPath = "  " }, "test_path" },
        { "test above the folder", s_good with { TestPath = "../secret.js" }, "test_path" },
        { "test that climbs out later", s_good with { TestPath = "tests/../../secret.js" }, "test_path" },
        { "test with a dot part", s_good with { TestPath = "./a.js" }, "test_path" },
        { "absolute test", s_good with { TestPath = "/etc/passwd" }, "test_path" },
        { "test with an empty part", s_good with { TestPath = "a//b.js" }, "test_path" },
        { "test that is a folder", s_good with { TestPath = "tests/" }, "test_path" },
        { "test with a backslash", s_good with { TestPath = "tests\\a.js" }, "test_path" },
        { "test with a NUL", s_good with { TestPath = "a\0.js" }, "test_path" },
        { "test with a line end", s_good with { TestPath = "a\n.js" }, "test_path" },
        { "test of 513 characters", s_good with { TestPath = new string('a', 513) }, "test_path" },
        { "run time-out of nothing", s_good with { RunTimeoutSeconds = 0 }, "run_timeout_seconds" },
        { "run time-out of more than a week", s_good with { RunTimeoutSeconds = (7 * 24 * 60 * 60) + 1 }, "run_timeout_seconds" },
        { "lease shorter than ten seconds", s_good with { LeaseSeconds = 9 }, "lease_seconds" },
        { "lease longer than a day", s_good with { LeaseSeconds = (24 * 60 * 60) + 1 }, "lease_seconds" },
        { "test of a megabyte", s_good with { TestPath = new string('a', 1_048_576) }, "test_path" },
        { "priority 10", s_good with { Priority = 10 }, "priority" },
        { "priority 11", s_good with { Priority = 11 }, "priority" },
        { "priority -1", s_good with { Priority = -1 }, "priority" },
        { "unknown target", s_good with { Target = "toaster" }, "target" },
        { "target in capitals", s_good with { Target = "Emulator" }, "target" },
        { "empty target", s_good with { Target = "" }, "target" },
        { "unknown platform", s_good with { Platform = "symbian" }, "platform" },
        { "unknown reset", s_good with { Reset = "none" }, "reset" },
        { "no attempt", s_good with { AttemptsMax = 0 }, "attempts_max" },
        { "eleven attempts", s_good with { AttemptsMax = 11 }, "attempts_max" },
        { "no time", s_good with { TimeoutSeconds = 0 }, "timeout_seconds" },
        { "more than four hours", s_good with { TimeoutSeconds = 14_401 }, "timeout_seconds" },
        { "no patience", s_good with { QueueTimeoutSeconds = 0 }, "queue_timeout_seconds" },
        { "more than a week's patience", s_good with { QueueTimeoutSeconds = 604_801 }, "queue_timeout_seconds" },
        { "empty project", s_good with { Project = "" }, "project" },
        { "project with a control character", s_good with { Project = "a\tb" }, "project" },
        { "label name with a comma", s_good with { Labels = Label("a,b", "1") }, "labels" },
        { "label value with an equals sign", s_good with { Labels = Label("os", "1=2") }, "labels" },
        { "label without a value", s_good with { Labels = Label("os", null!) }, "labels" },
        { "a start too far ahead", s_good with { NotBefore = s_now.AddDays(30).AddSeconds(1) }, "not_before" },
        { "a start in the year 9999", s_good with { NotBefore = DateTimeOffset.MaxValue }, "not_before" },
        { "dedup of what has no bundle", s_good with { Dedup = "in_flight" }, "dedup" },
        { "dedup of another kind", s_good with { Dedup = "ended", Bundle = new string('0', 64) }, "dedup" },
        { "dedup of what starts later", s_good with { Dedup = "in_flight", Bundle = new string('0', 64), NotBefore = s_now }, "dedup" },
        { "bundle that is no digest", s_good with { Bundle = "latest" }, "bundle" },
        { "bundle in capitals", s_good with { Bundle = new string('A', 64) }, "bundle" },
        { "bundle with a line end", s_good with { Bundle = new string('a', 64) + "\n" }, "bundle" },
        { "seventeen labels", s_good with { Labels = Enumerable.Range(0, 17).ToDictionary(i => $"l{i}", _ => "x") }, "labels" },
    };

    private static IReadOnlyList<FieldError> Validate(SubmitJobRequest request) => SubmissionValidator.Validate(request, s_now);

    private static IReadOnlyList<FieldError> Validate(SubmitRunRequest request) => SubmissionValidator.Validate(request, s_now);

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Validate_OneMistake_NamesItsFieldAndNoOther(string name, SubmitJobRequest request, string field)
    {
        var error = Assert.Single(Validate(request));
        Assert.True(error.Field == field, $"{name}: reported {error}");
        Assert.InRange(error.Message.Length, 5, 200);
    }

    /// <summary>What must be accepted: the limits themselves, and names that look odd but are harmless.</summary>
    public static TheoryData<SubmitJobRequest> Faultless =>
    [
        s_good,
        s_good with { OrgId = new string('a', 64), AppVersionId = "1.2.3-rc.1+45_x" },
        s_good with { TestPath = new string('a', 512) },
        s_good with { TestPath = "tests/héllo wörld [ios].spec.ts" },
        s_good with { TestPath = "tests/..a/b..spec.js" },
        s_good with { Priority = 0, Target = "simulated", Platform = "ios", Reset = "full", AttemptsMax = 10, TimeoutSeconds = 14_400, QueueTimeoutSeconds = 604_800 },
        s_good with { Priority = 9, Project = "my project", Labels = Label("os", "14") },
    ];

    [Theory]
    [MemberData(nameof(Faultless), DisableDiscoveryEnumeration = true)]
    public void Validate_WithinTheLimits_ReportsNothing(SubmitJobRequest request) => Assert.Empty(Validate(request));

    [Fact]
    public void Validate_ManyMistakes_ReportsAllAtOnce()
    {
        var errors = Validate(new SubmitJobRequest { Priority = 11, Target = "toaster", TestPath = "../a" });

        Assert.Equal(["app_version_id", "org_id", "priority", "target", "test_path"], errors.Select(error => error.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Validate_RunOf2000Tests_ReportsNothing() => Assert.Empty(Validate(Run(Enumerable.Range(0, 2_000).Select(i => $"t{i}.js"))));

    [Fact]
    public void Validate_RunOf2001Tests_NamesTests()
    {
        var error = Assert.Single(Validate(Run(Enumerable.Range(0, 2_001).Select(i => $"t{i}.js"))));

        Assert.Equal("tests", error.Field);
        Assert.Contains("2001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_RunWithBadTests_NamesEachByItsPosition()
    {
        var errors = Validate(Run(["a.js", "../b.js", "a.js", null]));

        Assert.Equal(["tests[1]", "tests[2]", "tests[3]"], errors.Select(error => error.Field));
    }

    [Fact]
    public void Validate_RunWithALongName_NamesIt() => Assert.Equal("name", Assert.Single(Validate(Run(["a.js"]) with { Name = new string('n', 129) })).Field);

    private static SubmitRunRequest Run(IEnumerable<string?> tests) => new() { OrgId = "o", AppVersionId = "v", Tests = [.. tests] };

    private static Dictionary<string, string> Label(string name, string value) => new() { [name] = value };
}
