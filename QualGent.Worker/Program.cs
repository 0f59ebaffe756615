using Microsoft.Extensions.Options;
using QualGent.Scheduling;
using QualGent.Worker.Agent;
using QualGent.Worker.Blobs;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults();
    builder.AddRedisClient("redis");
    builder.AddScheduling();
    builder.AddAgent();
    var app = builder.Build();
    app.Services.GetRequiredService<StateFolder>(); // Taken before anything starts, so that a refusal is one sentence.
    app.Services.GetRequiredService<ApiAccess>();
    app.MapDefaultEndpoints();
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (e is AgentStartException or OptionsValidationException)
{
    // A mistake in the settings is answered with what to write, not with a stack trace.
    await Console.Error.WriteLineAsync("The agent cannot start:");
    foreach (var mistake in e is OptionsValidationException { Failures: var failures } ? failures : [e.Message])
    {
        await Console.Error.WriteLineAsync("  " + mistake);
    }

    return 1;
}
