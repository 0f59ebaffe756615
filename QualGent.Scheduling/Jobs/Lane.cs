namespace QualGent.Scheduling.Jobs;

/// <summary>
/// Which jobs may share an install (group) and which may share one AppWright process (lane), as texts that name keys:
/// <c>acme|1.4.2|emulator/android</c> and <c>acme|1.4.2|emulator/android|clear|9f86d0…|smoke</c>. The validator keeps <c>|</c> out of
/// every part but the last, so the texts are unambiguous; nothing ever takes them apart again.
/// Whatever else comes to separate processes belongs before the project. Acceptance puts the digest of a pinned app in front (<c>pin_app.lua</c>).
/// </summary>
internal readonly record struct Lane
{
    /// <summary>The lane of everything that was submitted together.</summary>
    public Lane(RunSubmission run)
    {
        Group = $"{run.OrgId}|{run.AppVersionId}|{run.Class.Text}";
        Text = $"{Group}|{run.Reset}|{run.Bundle}|{run.Project}";
    }

    /// <summary>Organisation, app version, requirement class.</summary>
    public string Group { get; }

    /// <summary>The group, reset mode, bundle and Playwright project.</summary>
    public string Text { get; }
}
