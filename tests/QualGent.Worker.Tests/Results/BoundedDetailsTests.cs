using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Results;
using QualGent.Worker.Results;

namespace QualGent.Worker.Tests.Results;

/// <summary>What is told of an execution fits, whatever its tests printed into their errors.</summary>
public sealed class BoundedDetailsTests
{
    [Fact]
    public void Fit_OfAFewTests_KeepsThemAndHidesSecrets()
    {
        var fit = BoundedDetails.Fit(Details(Failed(1, "the password is hunter22", "at hunter22.ts")), text => text.Replace("hunter22", "***", StringComparison.Ordinal));
        Assert.Equal("the password is ***", fit.Tests[0].Errors![0].Message);
        Assert.Equal("at ***.ts", fit.Tests[0].Errors![0].Stack);
        Assert.Equal(0, fit.TestsLeftOut);
    }

    [Fact]
    public void Fit_OfLongErrors_ShortensThemBeforeATestIsLeftOut()
    {
        var fit = BoundedDetails.Fit(Details([.. Enumerable.Range(0, 50).Select(i => Failed(i, new string('m', 8_000), new string('s', 4_000)))]), text => text);
        Assert.Equal((50, 0), (fit.Tests.Count, fit.TestsLeftOut));
        Assert.All(fit.Tests, test => Assert.InRange(test.Errors![0].Message.Length, 200, 1_000));
        AssertFits(fit);
    }

    [Fact]
    public void Fit_OfThousandsOfTests_KeepsFailuresInTheirOrderAndCountsTheRest()
    {
        var tests = Enumerable.Range(0, 3_000).Select(i => i % 1_000 == 999 ? Failed(i, "broke", null) : Passed(i)).ToArray();
        var fit = BoundedDetails.Fit(Details(tests), text => text);
        Assert.Equal(["test 999", "test 1999", "test 2999"], fit.Tests.Where(test => test.Status == TestCaseStatus.Failed).Select(test => test.Title));
        Assert.Equal(3_000, fit.Tests.Count + fit.TestsLeftOut);
        Assert.InRange(fit.Tests.Count, 100, 2_999);
        AssertFits(fit);
    }

    private static void AssertFits(AttemptDetails details) =>
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(details, ResultsJson.Default.AttemptDetails).Length, 1, AttemptDetails.BytesMax);

    private static AttemptDetails Details(params TestCaseView[] tests) => new() { Device = "phone", Phases = new AttemptPhases(), Tests = tests };

    private static TestCaseView Passed(int number) => new() { Title = string.Create(CultureInfo.InvariantCulture, $"test {number}"), Status = TestCaseStatus.Passed, DurationMs = 10 };

    private static TestCaseView Failed(int number, string message, string? stack) => Passed(number) with { Status = TestCaseStatus.Failed, Errors = [new TestErrorView(message, stack)] };
}
