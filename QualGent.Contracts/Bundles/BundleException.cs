namespace QualGent.Contracts.Bundles;

/// <summary>A folder cannot be packed or an archive not unpacked; the message says what is wrong with which file, and what to do.</summary>
public sealed class BundleException(string message, Exception? inner = null) : Exception(message, inner);
