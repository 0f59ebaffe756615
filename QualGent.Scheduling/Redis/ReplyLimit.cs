namespace QualGent.Scheduling.Redis;

/// <summary>
/// Bounds the wait for a reply. Version 1.2.6 of the client fails calls whose connection breaks but waits for ever on a
/// server that accepts and never answers (frozen, or paused by its host); later versions bound it by themselves.
/// </summary>
internal static class ReplyLimit
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>Waits for a reply that says nothing.</summary>
    /// <exception cref="TimeoutException">None within ten seconds; the call may have been carried out.</exception>
    public static Task InTime(this Task reply) => reply.IsCompletedSuccessfully ? reply : reply.WaitAsync(s_limit, TimeProvider.System);

    /// <summary>The reply.</summary>
    /// <exception cref="TimeoutException">None within ten seconds; the call may have been carried out.</exception>
    public static Task<T> InTime<T>(this Task<T> reply) => reply.IsCompletedSuccessfully ? reply : reply.WaitAsync(s_limit, TimeProvider.System);
}
