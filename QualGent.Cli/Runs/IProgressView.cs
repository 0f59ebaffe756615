using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>Shows what happens while somebody waits.</summary>
internal interface IProgressView : IAsyncDisposable
{
    void Changed(JobView job);

    void Note(string text);
}

/// <summary>For programs, which get the events themselves.</summary>
internal sealed class NoProgress : IProgressView
{
    public void Changed(JobView job)
    {
    }

    public void Note(string text)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
