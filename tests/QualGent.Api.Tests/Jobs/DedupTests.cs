using System.Net;
using QualGent.Api.Tests.Blobs;
using QualGent.Contracts;
using QualGent.Scheduling.Results;

namespace QualGent.Api.Tests.Jobs;

/// <summary>Tests that are submitted again while they are under way, as clients see them.</summary>
public sealed class DedupTests(BlobServer server) : IClassFixture<BlobServer>
{
    [Fact]
    public async Task Submit_WhatIsUnderWay_SaysWhatItIsAttachedTo_AndShowsItsWorkAsItsOwn()
    {
        var (content, bundle) = BlobServer.NewBlob(100);
        await server.PutAsync("o", bundle, content);
        var first = await server.Api.PostAsync("/v1/runs", Run(bundle, "a.js", "b.js"));
        Assert.False(first.Json.TryGetProperty("attached", out _));
        await using var agent = await TestAgent.RegisterAsync(server.Api, "dedup");

        var second = await server.Api.PostAsync("/v1/runs", Run(bundle, "a.js", "c.js"), ("Idempotency-Key", "dedup-1"));
        var single = await server.Api.PostAsync("/v1/jobs", $$"""{"org_id":"o","app_version_id":"v","target":"simulated","bundle":"{{bundle}}","dedup":"in_flight","test_path":"b.js"}""");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (second.Status, single.Status));
        var (run, job, other) = (second.Text("run.id"), second.Json.GetProperty("job_ids")[0].GetString(), first.Json.GetProperty("job_ids")[0].GetString());
        Assert.Equal($$"""[{"job_id":"{{job}}","test_path":"a.js","attached_to":"{{other}}","run_id":"{{first.Text("run.id")}}"}]""", second.Json.GetProperty("attached").GetRawText());
        Assert.Equal(first.Json.GetProperty("job_ids")[1].GetString(), single.Text("job.attached_to"));
        var repeated = await server.Api.PostAsync("/v1/runs", Run(bundle, "a.js", "c.js"), ("Idempotency-Key", "dedup-1"));
        Assert.Equal((HttpStatusCode.OK, second.Json.GetProperty("attached").GetRawText()), (repeated.Status, repeated.Json.GetProperty("attached").GetRawText()));
        using var events = await server.Api.WatchAsync(run!);
        Assert.Equal("snapshot", (await events.NextAsync())!.Kind);

        await agent.WorkAsync();

        var heard = await events.ReadToEndAsync();
        Assert.Equal("run_ended", heard[^1].Kind);
        Assert.Contains(heard[..^1].SelectMany(item => item.Data.GetProperty("jobs").EnumerateArray()), one => one.GetProperty("id").GetString() == job && one.GetProperty("status").GetString() == "passed");
        var listed = (await server.Api.GetAsync($"/v1/jobs?run_id={run}")).Json.GetProperty("jobs").EnumerateArray().Select(one => (one.GetProperty("id").GetString(), one.GetProperty("run_id").GetString(), one.GetProperty("status").GetString()));
        Assert.Equal([(job, run, "passed"), (second.Json.GetProperty("job_ids")[1].GetString(), run, "passed")], listed);
        Assert.Equal("passed", (await server.Api.GetAsync($"/v1/runs/{single.Text("job.run_id")}")).Text("verdict"));
    }

    [Fact]
    public async Task Evidence_OfAnAttachedJob_IsThatOfTheJobThatDoesTheWork()
    {
        var (content, bundle) = BlobServer.NewBlob(100);
        await server.PutAsync("o", bundle, content);
        await server.Api.PostAsync("/v1/runs", Run(bundle, "a.js"));
        var second = await server.Api.PostAsync("/v1/runs", Run(bundle, "a.js"));
        var job = second.Json.GetProperty("job_ids")[0].GetString();
        Assert.Equal(HttpStatusCode.OK, (await server.Api.GetAsync($"/v1/jobs/{job}/why")).Status);
        await using var agent = await TestAgent.RegisterAsync(server.Api, "evidence");
        var claimed = await agent.BeginAsync();

        await agent.PrintAsync(claimed, 1, isLast: true, "hello");
        await agent.KeepAsync(claimed, 1, pending: true, new ArtifactView { Name = "screen.png", Kind = ArtifactKind.Screenshot, ContentType = "image/png", State = ArtifactState.Pending });
        await agent.EndAsync(claimed, details: new AttemptDetails { Device = "d", Phases = new AttemptPhases(), Tests = [new TestCaseView { Title = "greets", Status = TestCaseStatus.Passed }] });

        Assert.Equal("hello\n", (await server.Api.GetAsync($"/v1/jobs/{job}/log")).Body);
        Assert.Equal("hello\n", (await server.Api.GetAsync($"/v1/jobs/{job}/log?follow=true")).Body);
        var results = await server.Api.GetAsync($"/v1/jobs/{job}/results");
        Assert.Equal((job, 1), (results.Text("job_id"), results.Json.GetProperty("attempts").GetArrayLength()));
        Assert.Contains("attempt-1/screen.png", (await server.Api.GetAsync($"/v1/jobs/{job}/artifacts")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await server.Api.GetAsync($"/v1/jobs/{job}/artifacts/attempt-1/screen.png")).Status);
        Assert.Contains("greets", (await server.Api.GetAsync($"/v1/runs/{second.Text("run.id")}/report.xml")).Body, StringComparison.Ordinal);
    }

    private static string Run(string bundle, params string[] tests) =>
        $$"""{"org_id":"o","app_version_id":"v","target":"simulated","bundle":"{{bundle}}","dedup":"in_flight","tests":[{{string.Join(",", tests.Select(test => $"\"{test}\""))}}]}""";
}
