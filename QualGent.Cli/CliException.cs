namespace QualGent.Cli;

/// <summary>Ends the command: what went wrong, and what to do about it, one line each.</summary>
internal sealed class CliException(int exitCode, params IReadOnlyList<string> lines) : Exception(lines[0])
{
    public int ExitCode => exitCode;

    public IReadOnlyList<string> Lines => lines;
}
