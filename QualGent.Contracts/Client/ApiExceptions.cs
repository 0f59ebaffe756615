namespace QualGent.Contracts.Client;

/// <summary>The API answered and said no.</summary>
public sealed class ApiProblemException(Problem problem) : Exception($"{problem.Title} ({problem.Status} {problem.Code})")
{
    /// <summary>What it said; made up from the status where the answer carried no problem document.</summary>
    public Problem Problem { get; } = problem;
}

/// <summary>Nobody answered: connection refused or cut, or silence. Another try may help.</summary>
public sealed class ApiUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Something answered, but not as a QualGent API of this version does. Another try does not help.</summary>
public sealed class ApiMismatchException(string message, Exception? inner = null) : Exception(message, inner);
