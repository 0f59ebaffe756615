namespace QualGent.Worker.Tests;

/// <summary>Tests of promises in seconds: they run when all others have ended.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
