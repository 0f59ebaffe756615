using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's entry point inside a test, with random ports.</summary>
public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs the entry point up to its <c>Build()</c>; what it throws before that is thrown here.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class
    {
        var session = new EntryPointSession(typeof(TEntryPoint).Assembly);
        var thread = new Thread(() => Invoke(session, args)) { IsBackground = true, Name = "AppHost under test" };
        thread.Start();
        var builder = await session.Described.Task.WaitAsync(cancellationToken);
        return new TestingBuilder(session, builder);
    }

    private static void Invoke(EntryPointSession session, string[] args)
    {
        EntryPointSession.Current.Value = session;
        try
        {
            session.AppHost.EntryPoint!.Invoke(null, [args]);
            session.Described.TrySetException(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (TargetInvocationException e)
        {
            session.Described.TrySetException(e.InnerException!);
            session.Built.TrySetException(e.InnerException!);
        }
    }
}
