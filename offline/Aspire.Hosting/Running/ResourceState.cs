using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What is known about a resource at one moment. Replaced as a whole.</summary>
/// <param name="Text">One of <see cref="KnownResourceStates"/>.</param>
/// <param name="Healthy">Runs, and its health checks pass.</param>
/// <param name="Detail">Shown in brackets.</param>
/// <param name="IsConsequence">It failed only because something it waits for did.</param>
internal sealed record ResourceState(string Text, bool Healthy = false, string? Detail = null, bool IsConsequence = false)
{
    public static ResourceState Waiting { get; } = new(KnownResourceStates.Waiting);

    public bool IsTerminal => Text == KnownResourceStates.FailedToStart || Text == KnownResourceStates.Exited;

    /// <summary>As shown: <c>healthy</c>, <c>unhealthy (…)</c>, <c>exited (code 137)</c>.</summary>
    public string Display
    {
        get
        {
            var word = Text == KnownResourceStates.Running ? (Healthy ? "healthy" : "unhealthy")
                : Text == KnownResourceStates.FailedToStart ? "failed to start"
                : Text.ToLowerInvariant();
            return Detail is null ? word : $"{word} ({Detail})";
        }
    }
}
