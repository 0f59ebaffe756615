using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Results;

namespace QualGent.Worker.Results;

/// <summary>Makes what is told of an execution fit: long errors are shortened first, then stacks go, then tests that passed.</summary>
public static class BoundedDetails
{
    private const int ErrorsPerTest = 5;
    private static readonly (int Message, int Stack)[] s_cuts = [(4_000, 2_000), (1_000, 0), (200, 0)];

    /// <summary>The details in at most <see cref="AttemptDetails.BytesMax"/> bytes of JSON.</summary>
    /// <param name="details">As they are.</param>
    /// <param name="mask">Hides secrets, before anything is cut.</param>
    public static AttemptDetails Fit(AttemptDetails details, Func<string, string> mask)
    {
        var read = details.Tests.Select(test => Mask(test, mask)).ToList();
        foreach (var (message, stack) in s_cuts)
        {
            var shorter = details with { Tests = [.. read.Select(test => Cut(test, message, stack))] };
            if (Size(shorter) <= AttemptDetails.BytesMax)
            {
                return shorter;
            }
        }

        // Failures first, then the order they ran in; halved until it fits.
        var ranked = read.Select((test, index) => (Test: Cut(test, s_cuts[^1].Message, 0), Index: index)).OrderBy(entry => entry.Test.Errors is null).ThenBy(entry => entry.Index).ToList();
        for (var kept = ranked.Count / 2; ; kept /= 2)
        {
            var fewer = details with { Tests = [.. ranked.Take(kept).OrderBy(entry => entry.Index).Select(entry => entry.Test)], TestsLeftOut = ranked.Count - kept };
            if (kept == 0 || Size(fewer) <= AttemptDetails.BytesMax)
            {
                return fewer;
            }
        }
    }

    private static int Size(AttemptDetails details) => JsonSerializer.SerializeToUtf8Bytes(details, ResultsJson.Default.AttemptDetails).Length;

    private static TestCaseView Mask(TestCaseView test, Func<string, string> mask) => test with
    {
        Title = Cut(mask(test.Title), 500),
        Errors = test.Errors is null ? null : [.. test.Errors.Take(ErrorsPerTest).Select(error => error with { Message = mask(error.Message), Stack = error.Stack is null ? null : mask(error.Stack) })],
    };

    private static TestCaseView Cut(TestCaseView test, int message, int stack) => test.Errors is null ? test : test with
    {
        Errors = [.. test.Errors.Select(error => error with { Message = Cut(error.Message, message), Stack = stack == 0 || error.Stack is null ? null : Cut(error.Stack, stack) })],
    };

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
