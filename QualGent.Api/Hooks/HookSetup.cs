namespace QualGent.Api.Hooks;

/// <summary>Puts web hooks together.</summary>
internal static class HookSetup
{
    /// <summary>Adds what delivers, with the settings of section <c>Webhooks</c>.</summary>
    public static void AddHooks(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<HookConnections>();
        services.AddSingleton<HookSender>();
        services.AddHostedService<HookDispatcher>();
    }
}
