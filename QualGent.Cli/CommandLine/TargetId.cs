using System.CommandLine;

namespace QualGent.Cli.CommandLine;

/// <summary>The job or run a command is about: <c>--job-id X</c>, <c>--run-id X</c>, or just <c>X</c>.</summary>
internal sealed class TargetId
{
    private const string JobPrefix = "job_";
    private const string RunPrefix = "run_";

    private readonly Argument<string?> _id = new("id") { Description = "A job (job_…) or a run (run_…).", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _jobId = new("--job-id") { Description = "The job, by its id.", HelpName = "id" };
    private readonly Option<string?> _runId = new("--run-id") { Description = "The run, by its id.", HelpName = "id" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_id);
        command.Options.Add(_jobId);
        command.Options.Add(_runId);
    }

    /// <summary>The id and its kind.</summary>
    /// <exception cref="CliException">None or several were given.</exception>
    public (string Id, bool IsRun) Read(ParseResult parse)
    {
        string?[] given = [parse.GetValue(_id), parse.GetValue(_jobId), parse.GetValue(_runId)];
        if (given.Count(text => text is not null) != 1)
        {
            throw new CliException(
                ExitCodes.Usage,
                given.All(text => text is null) ? "Which job or run?" : "Name one job or run, not several.",
                $"Write qgjob {parse.CommandResult.Command.Name} --job-id=job_…, or just qgjob {parse.CommandResult.Command.Name} with a job's or run's id.");
        }

        var id = given.First(text => text is not null)!.Trim();
        if (id.Length == 0)
        {
            throw new CliException(ExitCodes.Usage, "The id is empty.", "Job ids look like job_01k9zq3v5n7xw2c8rt4m_0; qgjob list shows them.");
        }

        if (parse.GetValue(_runId) is not null && id.StartsWith(JobPrefix, StringComparison.Ordinal))
        {
            throw new CliException(ExitCodes.Usage, $"'{id}' is a job, not a run.", $"Write --job-id={id}.");
        }

        if (parse.GetValue(_jobId) is not null && id.StartsWith(RunPrefix, StringComparison.Ordinal))
        {
            throw new CliException(ExitCodes.Usage, $"'{id}' is a run, not a job.", $"Write --run-id={id}.");
        }

        return (id, parse.GetValue(_runId) is not null || id.StartsWith(RunPrefix, StringComparison.Ordinal));
    }
}
