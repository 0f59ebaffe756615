namespace QualGent.Worker.Agent;

public sealed partial class AgentService
{
    [LoggerMessage(3001, LogLevel.Information, "Agent {AgentId} serves {Devices} device(s); its state is in {StateDir}")]
    private partial void LogServing(string agentId, int devices, string stateDir);

    [LoggerMessage(3002, LogLevel.Information, "Devices given back")]
    private partial void LogLeft();

    [LoggerMessage(3003, LogLevel.Warning, "Devices could not be given back ({Reason}); their leases will run out.")]
    private partial void LogLeftSilently(string reason);

    [LoggerMessage(3004, LogLevel.Critical, "A part of the agent failed; the agent stops")]
    private partial void LogFault(Exception fault);
}
