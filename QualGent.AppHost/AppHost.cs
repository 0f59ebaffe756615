using Microsoft.Extensions.Configuration;
using QualGent.AppHost;
using QualGent.AppHost.Redis;
using QualGent.AppHost.Workers;

var builder = DistributedApplication.CreateBuilder(args);

// The queue and everything that must survive a crash: append-only, fsynced before a submission is answered.
if (builder.AddQueueStore("redis") is not var (redis, redisReady))
{
    Console.Error.WriteLine(QueueStore.Missing);
    Environment.ExitCode = 1;
    return;
}

// What `qgjob` and CI talk to. Any number of replicas behind one port; what they keep is in Redis and in one folder of blobs.
var api = builder.AddProject<Projects.QualGent_Api>("api", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Configuration.GetValue("Api:Port", 5180), name: "http")
    .WithExternalHttpEndpoints()
    .WithReplicas(builder.Configuration.GetValue("Api:Replicas", 1))
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithReference(redis).WaitFor(redisReady)
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "QualGent API");
if (builder.ExecutionContext.IsRunMode)
{
    api.WithEnvironment("Blobs__Folder", DataFolder.Create(builder, "blobs")); // a folder of this machine means nothing elsewhere
}

// Agents: each owns its devices and its range of ports, so that several share a machine.
for (var number = 1; number <= builder.Configuration.GetValue("Workers:Count", 1); number++)
{
    builder.AddProject<Projects.QualGent_Worker>($"worker-{number}", launchProfileName: null)
        .WithHttpEndpoint(name: "http")
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithWorkerSettings(number)
        .WithReference(redis).WaitFor(redisReady)
        .WithReference(api) // builds and bundles are fetched there
        .WithHttpHealthCheck("/health");
}

builder.Build().Run();
