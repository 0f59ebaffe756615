namespace QualGent.Testing;

/// <summary>Waits for a state, never for a time: asks until it holds or the budget is gone, then says what was last seen.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Budget of one wait; generous because two cores may be busy with other tests.</summary>
    public static TimeSpan Budget { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Asks until <paramref name="accept"/> holds and returns the value it held for.</summary>
    /// <exception cref="TimeoutException">The budget is gone; the message quotes the last value.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> accept, string what, CancellationToken cancellationToken, TimeSpan? budget = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await ask();
            if (accept(value))
            {
                return value;
            }

            if (TimeProvider.System.GetElapsedTime(started) > (budget ?? Budget))
            {
                throw new TimeoutException($"Never happened: {what}. Last seen: {value}");
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Asks until the condition holds.</summary>
    /// <exception cref="TimeoutException">The budget is gone.</exception>
    public static Task HoldsAsync(Func<bool> condition, string what, CancellationToken cancellationToken, TimeSpan? budget = null) =>
        GetAsync(() => Task.FromResult(condition()), held => held, what, cancellationToken, budget);
}
