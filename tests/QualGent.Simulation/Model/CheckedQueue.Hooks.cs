using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Hooks;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

// Hooks need no model: what has ended is in the store, and the invariants look for its deliveries.
internal sealed partial class CheckedQueue
{
    private static readonly TimeSpan s_hookLease = TimeSpan.FromSeconds(30);
    private static readonly HookPatience s_hookPatience = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
    private readonly List<TakenHook> _taken = [];
    private int _hooks;

    public async Task AddHookAsync(string org)
    {
        var hook = new HookView { Id = string.Create(CultureInfo.InvariantCulture, $"hook_{++_hooks}"), OrgId = org, Url = "https://example.com", Events = HookEvents.All, CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(NowMs) };
        Require(await queue.Hooks.AddAsync(hook, "secret", CancellationToken.None), "a first hook is refused");
    }

    /// <summary>Somebody takes deliveries and dies, or one of those who took some reports, maybe too late.</summary>
    public async Task<string> DeliverAsync(int detail)
    {
        if (detail % 2 == 0 || _taken.Count == 0)
        {
            if (await queue.Deliveries.TakeAsync(s_hookLease, 1 + (detail / 2 % 8), CancellationToken.None) is not { } taken)
            {
                return "nothing to deliver";
            }

            _taken.Add(taken);
            return $"take {Names(string.Join(' ', taken.Deliveries.Select(delivery => delivery.Id)))}";
        }

        var hook = _taken[detail / 2 % _taken.Count];
        var result = detail / 2 % 3 == 0 ? HookResult.Failed : HookResult.Delivered;
        var reports = hook.Deliveries.Select(delivery => new HookReport(
            new HookAttempt { DeliveryId = delivery.Id, Event = delivery.Event, SubjectId = delivery.SubjectId, Attempt = delivery.Attempt, At = hook.Now, DurationMs = 1 }, result)).ToList();
        var counted = await queue.Deliveries.ReportAsync(hook, reports, s_hookPatience, CancellationToken.None);
        await TwiceAsync(0, () => queue.Deliveries.ReportAsync(hook, reports, s_hookPatience, CancellationToken.None));
        return $"report {counted} of {reports.Count} deliveries of {hook.Hook.Id} {result}";
    }
}
