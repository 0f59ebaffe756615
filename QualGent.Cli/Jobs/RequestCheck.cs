using QualGent.Contracts;

namespace QualGent.Cli.Jobs;

/// <summary>The API's own rules for a submission, told in the words of the command line.</summary>
internal static class RequestCheck
{
    /// <summary>Adds what the API would refuse of a request, to which the project's bundle is added later or not.</summary>
    public static void Check(this Mistakes mistakes, SubmitRunRequest request, DateTimeOffset now, bool bundleFollows)
    {
        if (request.Tests is null or { Count: 0 })
        {
            mistakes.Add("--test", "is required; write e.g. --test=tests/onboarding.spec.js");
        }

        foreach (var error in SubmissionValidator.Validate(request, now, bundleFollows))
        {
            mistakes.Add(OptionOf(error.Field), error.Message + ExampleOf(error));
        }
    }

    // Wire names to options: "tests[3]" is one of --test, "attempts_max" is --attempts, "org_id" is --org-id.
    private static string OptionOf(string field) => field switch
    {
        "attempts_max" => "--attempts",
        "timeout_seconds" => "--timeout",
        "queue_timeout_seconds" => "--queue-timeout",
        "run_timeout_seconds" => "--run-timeout",
        "labels" => "--label",
        _ when field.StartsWith("tests", StringComparison.Ordinal) => "--test",
        _ when field.StartsWith("matrix", StringComparison.Ordinal) => "--matrix",
        _ => "--" + field.Replace('_', '-'),
    };

    private static string ExampleOf(FieldError error) => (error.Field, error.Message) switch
    {
        ("org_id", "is required") => "; write e.g. --org-id=qualgent",
        ("app_version_id", "is required") => "; write e.g. --app-version-id=xyz123",
        _ => "",
    };
}
