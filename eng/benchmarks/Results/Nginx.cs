using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Results;

/// <summary>nginx (a Debian package) as one process that serves and accepts files of a folder, with what it is known for: sendfile and nothing else to do.</summary>
internal static class Nginx
{
    public static async Task<ServiceProcess> StartAsync(DirectoryInfo folder, Uri url, CancellationToken cancellationToken)
    {
        var files = folder.CreateSubdirectory("files");
        await File.WriteAllTextAsync(Path.Combine(files.FullName, "up"), "up\n", cancellationToken);
        var configuration = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            daemon off;
            master_process off;
            pid {{folder.FullName}}/pid;
            error_log stderr;
            events { }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              client_max_body_size 0;
              client_body_temp_path {{folder.FullName}}/incoming;
              proxy_temp_path {{folder.FullName}}/proxy;
              fastcgi_temp_path {{folder.FullName}}/fastcgi;
              uwsgi_temp_path {{folder.FullName}}/uwsgi;
              scgi_temp_path {{folder.FullName}}/scgi;
              server {
                listen 127.0.0.1:{{url.Port}};
                root {{files.FullName}};
                location / { dav_methods PUT; }
              }
            }

            """,
            cancellationToken);
        var nginx = ServiceProcess.Start("/usr/sbin/nginx", ["-e", "stderr", "-p", folder.FullName, "-c", configuration], new Dictionary<string, string>());
        return await Programs.HealthyAsync(nginx, new Uri(url, "/up"), cancellationToken);
    }
}
