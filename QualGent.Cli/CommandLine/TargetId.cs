using System.CommandLine;

namespace QualGent.Cli.CommandLine;

/// <summary>The job or run a command is about: <c>--job-id X</c>, <c>--run-id X</c>, or just <c>X</c>.</summary>
internal sealed class TargetId
{
    private const string JobPrefix = "job_";
    private const string RunPrefix = "run_";

    private readonly Argument<string?> _id;
    private readonly Option<string?>? _jobId;
    private readonly Option<string?> _runId = new("--run-id") { Description = "The run, by its id.", HelpName = "id" };

    /// <summary>A job or a run.</summary>
    public TargetId()
        : this("A job (job_…) or a run (run_…).", new("--job-id") { Description = "The job, by its id.", HelpName = "id" })
    {
    }

    private TargetId(string description, Option<string?>? jobId) =>
        (_id, _jobId) = (new("id") { Description = description, Arity = ArgumentArity.ZeroOrOne }, jobId);

    /// <summary>A run and nothing else.</summary>
    public static TargetId OfRun() => new("A run (run_…).", jobId: null);

    public void AddTo(Command command)
    {
        command.Arguments.Add(_id);
        if (_jobId is not null)
        {
            command.Options.Add(_jobId);
        }

        command.Options.Add(_runId);
    }

    /// <summary>The id and its kind.</summary>
    /// <exception cref="CliException">None or several were given.</exception>
    public (string Id, bool IsRun) Read(ParseResult parse)
    {
        var jobId = _jobId is null ? null : parse.GetValue(_jobId);
        string?[] given = [parse.GetValue(_id), jobId, parse.GetValue(_runId)];
        if (given.Count(text => text is not null) != 1)
        {
            var command = CommandTree.PathOf(parse.CommandResult.Command);
            throw _jobId is null
                ? new CliException(ExitCodes.Usage, given.All(text => text is null) ? "Which run?" : "Name one run, not several.", $"Write {command} run_…; qgjob run list shows them.")
                : new CliException(
                    ExitCodes.Usage,
                    given.All(text => text is null) ? "Which job or run?" : "Name one job or run, not several.",
                    $"Write {command} --job-id=job_…, or just {command} with a job's or run's id.");
        }

        var id = given.First(text => text is not null)!.Trim();
        if (id.Length == 0)
        {
            throw new CliException(ExitCodes.Usage, "The id is empty.", "Job ids look like job_01k9zq3v5n7xw2c8rt4m_0; qgjob list shows them.");
        }

        if (_jobId is null && id.StartsWith(JobPrefix, StringComparison.Ordinal))
        {
            throw new CliException(ExitCodes.Usage, $"'{id}' is a job, not a run.", $"qgjob status --job-id={id} names its run.");
        }

        if (parse.GetValue(_runId) is not null && id.StartsWith(JobPrefix, StringComparison.Ordinal))
        {
            throw new CliException(ExitCodes.Usage, $"'{id}' is a job, not a run.", $"Write --job-id={id}.");
        }

        if (jobId is not null && id.StartsWith(RunPrefix, StringComparison.Ordinal))
        {
            throw new CliException(ExitCodes.Usage, $"'{id}' is a run, not a job.", $"Write --run-id={id}.");
        }

        return (id, _jobId is null || parse.GetValue(_runId) is not null || id.StartsWith(RunPrefix, StringComparison.Ordinal));
    }
}
