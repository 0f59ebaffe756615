namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states a resource goes through.</summary>
internal static class KnownResourceStates
{
    /// <summary>For what it depends on.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Its process exists, its health is not known yet.</summary>
    public static readonly string Starting = nameof(Starting);

    public static readonly string Running = nameof(Running);

    /// <summary>It ended before it was healthy.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>It ended after it had been healthy.</summary>
    public static readonly string Exited = nameof(Exited);
}
