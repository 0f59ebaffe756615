using QualGent.Contracts;

namespace QualGent.Scheduling.Queue;

/// <summary>Which file an organisation means by an app version. Acceptance pins it: a run keeps the file that was registered then.</summary>
public interface IAppRegistry
{
    /// <summary>Registers a build, or repeats its registration.</summary>
    /// <param name="app">What to store.</param>
    /// <param name="replace">Whether it may take the place of another file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RegisterAppResult> PutAsync(AppView app, bool replace, CancellationToken cancellationToken);

    /// <summary>A build, or null when none is registered under the id.</summary>
    Task<AppView?> GetAsync(string orgId, string appVersionId, CancellationToken cancellationToken);

    /// <summary>All builds of an organisation, newest first.</summary>
    Task<AppList> ListAsync(string orgId, CancellationToken cancellationToken);

    /// <summary>Forgets a build; runs accepted before keep theirs.</summary>
    /// <returns>Whether it was registered.</returns>
    Task<bool> RemoveAsync(string orgId, string appVersionId, CancellationToken cancellationToken);
}

/// <summary>What became of a registration.</summary>
public abstract record RegisterAppResult
{
    private RegisterAppResult()
    {
    }

    /// <summary>Stored; <paramref name="IsNew"/> when nothing was registered under the id.</summary>
    public sealed record Registered(bool IsNew) : RegisterAppResult;

    /// <summary>The id belongs to another file; nothing changed.</summary>
    public sealed record Taken(string Sha256) : RegisterAppResult;

    /// <summary>The organisation has <see cref="Limits.AppsPerOrg"/> builds; nothing changed.</summary>
    public sealed record Full : RegisterAppResult;
}
