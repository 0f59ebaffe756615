namespace QualGent.Simulation.Checking;

/// <summary>A promise of the queue is broken; the message says which and where.</summary>
public sealed class InvariantException(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    internal static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvariantException(message);
        }
    }
}
