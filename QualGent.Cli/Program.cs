using QualGent.Cli;
using QualGent.Cli.CommandLine;

return await QgjobCommand.RunAsync(args, Surroundings.OfThisProcess());
