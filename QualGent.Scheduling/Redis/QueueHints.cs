using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Subscriptions to hints. The client keeps a socket of its own for them, so they never wait behind commands.</summary>
internal sealed class QueueHints(IConnectionMultiplexer redis)
{
    /// <summary>Calls back with every message until disposed.</summary>
    public async Task<IAsyncDisposable> SubscribeAsync(RedisChannel channel, Action<string> onMessage)
    {
        void Handler(RedisChannel from, RedisValue message) => onMessage(message!);
        var subscriber = redis.GetSubscriber();
        try
        {
            await subscriber.SubscribeAsync(channel, Handler).InTime();
        }
        catch (TimeoutException)
        {
            // The client goes on trying; nobody would ever end that subscription.
            _ = subscriber.UnsubscribeAsync(channel, Handler, CommandFlags.FireAndForget);
            throw;
        }

        return new Subscription(() => subscriber.UnsubscribeAsync(channel, Handler).InTime());
    }

    private sealed class Subscription(Func<Task> end) : IAsyncDisposable
    {
        private Func<Task>? _end = end;

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _end, null) is { } unsubscribe)
            {
                try
                {
                    await unsubscribe();
                }
                catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
                {
                    // A connection that is gone has no subscription left; one that is stuck has lost its listener here.
                }
            }
        }
    }
}
