using QualGent.Contracts;

namespace QualGent.Scheduling.Hooks;

/// <summary>The hooks of organisations, and what became of their calls. Secrets go in here and come out for deliveries only.</summary>
public interface IHookRegistry
{
    /// <summary>Adds a hook, which <see cref="HookValidator"/> found faultless; it is called for what ends from then on.</summary>
    /// <returns>False when the organisation has <see cref="Limits.HooksPerOrg"/>.</returns>
    Task<bool> AddAsync(HookView hook, string secret, CancellationToken cancellationToken);

    /// <summary>All hooks of an organisation, oldest first.</summary>
    Task<HookList> ListAsync(string orgId, CancellationToken cancellationToken);

    /// <summary>Removes a hook with all that waits for it.</summary>
    /// <returns>Whether the organisation had it.</returns>
    Task<bool> RemoveAsync(string orgId, string hookId, CancellationToken cancellationToken);

    /// <summary>The hook's last attempts, newest first; null when the organisation has no such hook.</summary>
    Task<HookLog?> ReadLogAsync(string orgId, string hookId, CancellationToken cancellationToken);
}
