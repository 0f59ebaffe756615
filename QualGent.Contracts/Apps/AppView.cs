namespace QualGent.Contracts;

/// <summary>A registered build of an app.</summary>
public sealed record AppView
{
    public required string OrgId { get; init; }
    public required string AppVersionId { get; init; }

    /// <summary>Digest of its file, a blob of the organisation. A run pins the one that is registered when it is accepted.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of its file.</summary>
    public required long Bytes { get; init; }

    public required string FileName { get; init; }

    /// <summary>One of <see cref="Platforms"/>.</summary>
    public required string Platform { get; init; }

    /// <summary>Package name as the file says; null where it could not be read.</summary>
    public string? PackageId { get; init; }

    /// <summary>Version as the file says; null where it could not be read.</summary>
    public string? VersionName { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }
}

/// <summary>The builds of an organisation, newest first.</summary>
public sealed record AppList(IReadOnlyList<AppView> Apps);

/// <summary>Body of <c>PUT /v1/orgs/{org}/apps/{app_version_id}</c>.</summary>
public sealed record RegisterAppRequest
{
    /// <summary>Digest of the file, which was uploaded as a blob of the organisation before; required.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Name of the file; required. Its ending is one of <see cref="AppFiles.Endings"/> and says which platform it is for.</summary>
    public string? FileName { get; init; }

    /// <summary>Whether another file may take the place of one that is registered under the id; default no. Runs accepted before keep theirs.</summary>
    public bool? Replace { get; init; }
}
