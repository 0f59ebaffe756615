using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using QualGent.Contracts;

namespace QualGent.Api.Reports;

/// <summary>
/// A run as one page for people: no script, nothing to load but the artifacts it links to. What is written into it was
/// made by tests, so all of it is escaped, and the page's policy forbids scripts on top.
/// </summary>
/// <param name="page">Takes the text.</param>
/// <param name="api">Where artifacts are, so that a saved page finds them too.</param>
internal sealed class HtmlReport(StringBuilder page, Uri api)
{
    /// <summary>Header that goes with the page.</summary>
    public const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Style = """
        :root{color-scheme:light dark;--line:#8884;--faint:#8889;--good:#1a7f37;--bad:#cf222e;--warn:#9a6700}
        @media(prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#f85149;--warn:#d29922}}
        body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.4rem;margin:0 0 .3rem;overflow-wrap:anywhere}.facts,small{opacity:.75}
        .counts{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;margin:1rem 0}.counts b{font-size:1.3rem;margin-right:.3rem}
        details.job{border:1px solid var(--line);border-radius:6px;margin:.4rem 0}details.job>summary{padding:.5rem .8rem;cursor:pointer;display:flex;gap:.8rem;align-items:baseline}
        summary .path{flex:1;overflow-wrap:anywhere}.body{padding:.2rem .9rem .8rem}
        .passed{color:var(--good)}.failed,.errored,.timed_out,.interrupted,.lost,.install_failed{color:var(--bad)}.cancelled,.skipped,.incomplete,.queued,.running{color:var(--faint)}.flaky{color:var(--warn)}
        .status{font-weight:600;min-width:5.5rem}h2{font-size:1rem;margin:.9rem 0 .2rem}h2 small{font-weight:400}ul{margin:.3rem 0;padding-left:1.2rem}li{overflow-wrap:anywhere}
        pre{background:#8881;border-radius:4px;padding:.6rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px;margin:.3rem 0}
        .files img{height:150px;border:1px solid var(--line);border-radius:4px;margin:.3rem .4rem 0 0;vertical-align:top}
        """;

    private RunView? _run;

    public void Begin(RunView run)
    {
        _run = run;
        var verdict = run.Verdict is { } known ? JUnitCase.Wire(known) : JUnitCase.Wire(run.State);
        var name = run.Name ?? run.Id;
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Safe(name)}: {Safe(verdict)}</title><style>{Style}</style><body>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1><span class=\"{Safe(verdict)}\">{Safe(verdict)}</span> {Safe(name)}</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"facts\">{Safe(run.OrgId)} · app {Safe(run.AppVersionId)} · {Safe(run.Target)} · {Safe(run.Id)} · {Instant(run.CreatedAt)}");
        page.Append(run.EndedAt is { } ended ? $" · took {Time((long)(ended - run.CreatedAt).TotalMilliseconds)}" : " · not ended yet");
        page.Append(run.ParentRunId is { } parent ? $" · repeats {Safe(parent)}, {run.Inherited ?? 0} passes inherited" : "");
        page.Append("</div>\n<div class=\"counts\">");
        (string Name, int Count)[] counts = [("passed", run.Counts.Passed), ("flaky", run.Counts.Flaky), ("failed", run.Counts.Failed), ("errored", run.Counts.Errored), ("cancelled", run.Counts.Cancelled), ("queued", run.Counts.Queued), ("running", run.Counts.Running)];
        foreach (var (status, count) in counts.Where(entry => entry.Count > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"{status}\"><b>{count}</b>{status}</span>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<span><b>{run.Planned}</b>planned</span></div>\n");
        page.Append(run.Quarantined is { } quarantined ? $"<div class=\"facts\">Not counted, in quarantine: {Safe(string.Join(", ", quarantined))}</div>\n" : "");
        foreach (var cell in run.Cells ?? [])
        {
            var reached = cell.Verdict is { } of ? JUnitCase.Wire(of) : "open";
            page.Append(CultureInfo.InvariantCulture, $"<div><span class=\"{reached}\">{reached}</span> {Safe(CellText.Of(cell, run))} <small>{cell.Counts.Passed} of {cell.Planned} passed</small></div>\n");
        }
    }

    public void Write(JobView job, IReadOnlyList<AttemptView> attempts, JobArtifacts artifacts)
    {
        var status = JUnitCase.Wire(job.Status);
        page.Append(CultureInfo.InvariantCulture, $"<details class=\"job\"{(job.Status == JobStatus.Passed ? "" : " open")}><summary><span class=\"status {status}\">{status}</span>");
        page.Append(CultureInfo.InvariantCulture, $"<span class=\"path\">{Safe(CellText.TestOf(job, _run))}{(job.Flaky ? " <b class=\"flaky\">flaky</b>" : "")}{(job.Quarantined ? " <b class=\"cancelled\">in quarantine</b>" : "")}</span><small>{(job.DurationMs is { } took ? Time(took) : "")}</small></summary><div class=\"body\">\n");
        if (job.Status != JobStatus.Passed && job.Message is { } message)
        {
            page.Append(CultureInfo.InvariantCulture, $"<small>{Safe(job.Code ?? "")}</small><pre>{Safe(message)}</pre>\n");
        }

        foreach (var attempt in attempts)
        {
            WriteAttempt(attempt);
        }

        WriteArtifacts(job, artifacts);
        page.Append(CultureInfo.InvariantCulture, $"<small>{Safe(job.Id)}</small></div></details>\n");
    }

    public void End() => page.Append("</body></html>\n");

    private void WriteAttempt(AttemptView attempt)
    {
        var outcome = JUnitCase.Wire(attempt.Outcome);
        var install = attempt.Installed switch { true => ", installed the app", false => ", app was installed", null => "" };
        page.Append(CultureInfo.InvariantCulture, $"<h2>Attempt {attempt.Attempt}: <span class=\"{outcome}\">{outcome}</span> <small>on {Safe(attempt.Device)} ({Safe(attempt.Provider)}){install}, batch {Safe(attempt.BatchId)}; ");
        (string Name, long? Ms)[] phases =
        [
            ("queued", attempt.Phases.QueuedMs), ("preparing", attempt.Phases.PreparingMs), ("waiting", attempt.Phases.WaitingMs), ("installing", attempt.Phases.InstallingMs), ("testing", attempt.Phases.TestingMs), ("reporting", attempt.Phases.ReportingMs),
        ];
        page.Append(string.Join(", ", phases.Where(phase => phase.Ms is not null).Select(phase => $"{phase.Name} {Time(phase.Ms!.Value)}"))).Append("</small></h2>\n");
        page.Append(attempt.Events is { Count: > 0 } events ? $"<small>rests on {Safe(string.Join(", ", events))}</small>\n<ul>" : "<ul>");
        foreach (var test in attempt.Tests)
        {
            var status = JUnitCase.Wire(test.Status);
            page.Append(CultureInfo.InvariantCulture, $"<li><span class=\"{status}\">{status.Replace('_', ' ')}</span> {Safe(test.Title)} <small>{Time(test.DurationMs)}</small>");
            foreach (var error in test.Errors ?? [])
            {
                page.Append(CultureInfo.InvariantCulture, $"<pre>{Safe(Whole(error))}</pre>");
            }

            page.Append("</li>\n");
        }

        page.Append(attempt.TestsLeftOut > 0 ? $"<li>… {attempt.TestsLeftOut} more</li></ul>\n" : "</ul>\n");
    }

    private void WriteArtifacts(JobView job, JobArtifacts artifacts)
    {
        if (artifacts.Artifacts.Count == 0)
        {
            return;
        }

        page.Append("<h2>Artifacts</h2><div class=\"files\">");
        foreach (var shot in artifacts.Artifacts.Where(IsPicture))
        {
            page.Append(CultureInfo.InvariantCulture, $"<a href=\"{Link(job, shot)}\"><img loading=\"lazy\" src=\"{Link(job, shot)}\" alt=\"{Safe(shot.Name)}\" title=\"{Safe(shot.Name)}\"></a>");
        }

        page.Append("</div><ul>");
        foreach (var artifact in artifacts.Artifacts.Where(artifact => !IsPicture(artifact)))
        {
            page.Append(artifact.State == ArtifactState.Stored
                ? $"<li><a href=\"{Link(job, artifact)}\">{Safe(artifact.Name)}</a> <small>{artifact.Size.ToString("N0", CultureInfo.InvariantCulture)} bytes</small></li>\n"
                : $"<li>{Safe(artifact.Name)} <small>{(artifact.State == ArtifactState.Pending ? "on its way" : "missing: " + Safe(artifact.Reason ?? ""))}</small></li>\n");
        }

        page.Append(artifacts.Pending ? "<li><small>more may come</small></li></ul>\n" : "</ul>\n");
    }

    private string Link(JobView job, ArtifactView artifact) =>
        Safe(new Uri(api, $"v1/jobs/{Uri.EscapeDataString(job.Id)}/artifacts/{string.Join('/', artifact.Name.Split('/').Select(Uri.EscapeDataString))}").AbsoluteUri);

    // Playwright's stacks begin with the message.
    private static string Whole(TestErrorView error) => error.Stack is not { } stack ? error.Message : stack.Contains(error.Message, StringComparison.Ordinal) ? stack : $"{error.Message}\n{stack}";

    private static bool IsPicture(ArtifactView artifact) => artifact is { State: ArtifactState.Stored, Kind: ArtifactKind.Screenshot };

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Time(long ms) => ms < 60_000 ? (ms / 1000m).ToString("0.0' s'", CultureInfo.InvariantCulture) : TimeText.Of(TimeSpan.FromMilliseconds(ms));
}
