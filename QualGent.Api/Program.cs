using QualGent.Api.Agents;
using QualGent.Api.Apps;
using QualGent.Api.Artifacts;
using QualGent.Api.Blobs;
using QualGent.Api.Compatibility;
using QualGent.Api.Devices;
using QualGent.Api.Hooks;
using QualGent.Api.Hosting;
using QualGent.Api.Jobs;
using QualGent.Api.Logs;
using QualGent.Api.Orgs;
using QualGent.Api.Problems;
using QualGent.Api.Queue;
using QualGent.Api.Reports;
using QualGent.Api.Runs;
using QualGent.Scheduling;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisClient("redis");
builder.AddScheduling();
builder.AddApiHosting();
builder.AddBlobs();
builder.AddHooks();

var app = builder.Build();
app.UseMiddleware<ProblemMiddleware>();
app.UseMiddleware<RequestGuard>();
app.MapDefaultEndpoints();
app.MapOpenApi();

var v1 = app.MapGroup("/v1");
v1.MapJobs();
v1.MapLogs();
v1.MapRuns();
v1.MapReports();
v1.MapArtifacts();
v1.MapDevices();
v1.MapAgents();
v1.MapQueue();
v1.MapOrgs();
v1.MapBlobs();
v1.MapApps();
v1.MapHooks();
app.MapCompatibility();

app.Run();
