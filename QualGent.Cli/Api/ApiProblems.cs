using QualGent.Cli.Output;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Api;

/// <summary>Explains a failed call on the error stream and gives the exit code.</summary>
internal static class ApiProblems
{
    public static int Explain(Screen error, ApiProblemException exception)
    {
        var problem = exception.Problem;
        Failure(error, problem.Title);
        if (problem.Detail is not null && problem.Detail != problem.Title)
        {
            Hint(error, problem.Detail);
        }

        foreach (var mistake in problem.Errors ?? [])
        {
            Hint(error, $"{mistake.Field}: {mistake.Message}");
        }

        return ExitCodes.Of(problem);
    }

    public static int Explain(Screen error, Exception exception, ApiAddress? address)
    {
        Failure(error, exception.Message);
        if (address is not null)
        {
            Hint(error, $"The address comes from {address.Source}.");
            Hint(error, address.Source == "the default"
                ? "Start the system with ./start.sh, or say where it runs with --api-url or QUALGENT_API_URL."
                : "Is the API running there, and is it reachable from here?");
        }

        return ExitCodes.Unreachable;
    }

    public static void Failure(Screen error, string text)
    {
        foreach (var line in SafeText.Lines("qgjob: " + text))
        {
            error.Wrapped(line, Tone.Bad);
        }
    }

    public static void Hint(Screen error, string text)
    {
        foreach (var line in SafeText.Lines(text))
        {
            error.Wrapped("  " + line);
        }
    }
}
