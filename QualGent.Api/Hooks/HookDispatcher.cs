using System.Text.Json;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Hooks;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;

namespace QualGent.Api.Hooks;

/// <summary>
/// Delivers what hooks wait for, one hook per loop at a time, so that as many slow receivers as there are loops hold up others. Every API
/// instance does; what one takes and dies with, another takes after the lease. One that stops leaves its attempts unreported, which repeats them.
/// </summary>
internal sealed partial class HookDispatcher(IHookDeliveries deliveries, IJobQueue queue, HookSender sender, IOptions<WebhookOptions> options, TimeProvider time, ILogger<HookDispatcher> logger) : BackgroundService
{
    private const int Loops = 8;
    private const int DeliveriesPerTake = 8;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pauseInTrouble = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _looking = new(1);
    private readonly HookPatience _patience = new(options.Value.RetryFirst, options.Value.RetryLongest, options.Value.GiveUpAfter);

    // All deliveries that are taken together are made at once, and reading what they tell is quick.
    private TimeSpan Lease => options.Value.Timeout + TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _looking.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // None of them ends by itself.
            await await Task.WhenAny([.. Enumerable.Range(0, Loops).Select(_ => LoopAsync(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var hook = await NextAsync(stoppingToken);
            try
            {
                var reports = await Task.WhenAll(hook.Deliveries.Select(delivery => AttemptAsync(hook, delivery, stoppingToken)));
                await deliveries.ReportAsync(hook, reports, _patience, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log(e);
            }
        }
    }

    // One loop looks for all, or an idle instance would ask eight times as often.
    private async Task<TakenHook> NextAsync(CancellationToken stoppingToken)
    {
        await _looking.WaitAsync(stoppingToken);
        try
        {
            while (true)
            {
                var pause = s_pause;
                try
                {
                    if (await deliveries.TakeAsync(Lease, DeliveriesPerTake, stoppingToken) is { } hook)
                    {
                        return hook;
                    }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    pause = s_pauseInTrouble;
                    Log(e);
                }

                await Task.Delay(pause, time, stoppingToken);
            }
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task<HookReport> AttemptAsync(TakenHook hook, HookDelivery delivery, CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        var attempt = new HookAttempt { DeliveryId = delivery.Id, Event = delivery.Event, SubjectId = delivery.SubjectId, Attempt = delivery.Attempt, At = hook.Now, DurationMs = 0 };
        try
        {
            if (await BodyAsync(delivery, stoppingToken) is not { } body)
            {
                return new(attempt with { Error = "what it tells has been removed after its retention time" }, HookResult.Gone);
            }

            var (status, error) = await sender.SendAsync(hook, delivery, body, stoppingToken);
            attempt = attempt with { Status = status, Error = error };
        }
        catch (Exception e) when (!RedisTrouble.Passes(e) && !stoppingToken.IsCancellationRequested)
        {
            // Of this delivery alone: it counts as failed and is tried again, and the others go on.
            LogUnexpected(e, delivery.Id);
            attempt = attempt with { Error = "an unexpected error of this server, which its log tells" };
        }

        attempt = attempt with { DurationMs = (long)time.GetElapsedTime(started).TotalMilliseconds };
        if (attempt.Error is not null)
        {
            LogFailed(hook.Hook.Id, delivery.Attempt, attempt.Error);
        }

        return new(attempt, attempt.Error is null ? HookResult.Delivered : HookResult.Failed);
    }

    private async Task<byte[]?> BodyAsync(HookDelivery delivery, CancellationToken stoppingToken)
    {
        var payload = delivery.Event == HookEvents.RunEnded
            ? await queue.GetRunAsync(delivery.SubjectId, stoppingToken) is { EndedAt: { } runEnd } run ? new HookPayload(delivery.Event, runEnd, new HookData { Run = run }) : null
            : await queue.GetJobAsync(delivery.SubjectId, stoppingToken) is { FinishedAt: { } jobEnd } job ? new HookPayload(delivery.Event, jobEnd, new HookData { Job = job }) : null;
        return payload is null ? null : JsonSerializer.SerializeToUtf8Bytes(payload, ContractsJson.Default.HookPayload);
    }

    private void Log(Exception e)
    {
        if (RedisTrouble.Passes(e))
        {
            LogAway(e.Message);
        }
        else
        {
            LogUnexpected(e, "what was taken");
        }
    }

    [LoggerMessage(2301, LogLevel.Information, "{Hook} was not delivered to (attempt {Attempt}): {Reason}")]
    private partial void LogFailed(string hook, int attempt, string reason);

    [LoggerMessage(2302, LogLevel.Warning, "Redis does not answer or takes no writes; web hooks wait: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(2303, LogLevel.Error, "An unexpected error in the delivery of {Delivery}, which is tried again")]
    private partial void LogUnexpected(Exception exception, string delivery);
}
