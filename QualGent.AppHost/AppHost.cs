using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

IResourceBuilder<IResourceWithConnectionString> redis;
IResourceBuilder<IResource> redisReady;
if (builder.Configuration.GetConnectionString("redis") is { Length: > 0 })
{
    redisReady = redis = builder.AddConnectionString("redis");
}
else if (builder.Configuration["UseContainers"] == "true")
{
    redisReady = redis = builder.AddRedis("redis");
}
else
{
    var port = FreePort().ToString();
    redisReady = builder.AddExecutable("redis-server", "redis-server", ".", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", port);
    redis = builder.AddConnectionString("redis", ReferenceExpression.Create($"127.0.0.1:{port},abortConnect=false"));
}

var api = builder.AddProject<Projects.QualGent_Api>("api")
    .WithReference(redis).WaitFor(redisReady)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints();

builder.AddProject<Projects.QualGent_Worker>("worker")
    .WithReference(redis).WaitFor(redisReady).WaitFor(api)
    .WithReplicas(2);

builder.Build().Run();

static int FreePort()
{
    using var l = new TcpListener(IPAddress.Loopback, 0);
    l.Start();
    return ((IPEndPoint)l.LocalEndpoint).Port;
}
