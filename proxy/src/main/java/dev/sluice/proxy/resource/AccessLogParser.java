package dev.sluice.proxy.resource;

import dev.sluice.proxy.snapshot.AccessLogSpec;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads access logs: files and the standard streams get lines in our own JSON format; other loggers
 * are inert. Stateless.
 */
final class AccessLogParser {
    private static final String FILE = FileAccessLog.getDescriptor().getFullName();
    private static final String STDOUT = StdoutAccessLog.getDescriptor().getFullName();
    private static final String STDERR = StderrAccessLog.getDescriptor().getFullName();

    private AccessLogParser() {}

    static List<AccessLogSpec> parse(List<AccessLog> protos, Spot at) {
        List<AccessLogSpec> logs = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            Spot spot = at.index(i).field("typed_config");
            Extensions.config(protos.get(i).getTypedConfig(), spot)
                    .ifPresent(config -> log(config, logs, spot));
        }
        return logs;
    }

    private static void log(Extensions.Config config, List<AccessLogSpec> logs, Spot at) {
        String type = config.type();
        if (type.equals(FILE)) {
            Extensions.open(config, FileAccessLog.getDefaultInstance(), at)
                    .map(file -> Values.text(file.getPath(), at.field("path")))
                    .ifPresent(path -> logs.add(new AccessLogSpec(path)));
        } else if (type.equals(STDOUT)) {
            Extensions.open(config, StdoutAccessLog.getDefaultInstance(), at)
                    .ifPresent(out -> logs.add(new AccessLogSpec("/dev/stdout")));
        } else if (type.equals(STDERR)) {
            Extensions.open(config, StderrAccessLog.getDefaultInstance(), at)
                    .ifPresent(err -> logs.add(new AccessLogSpec("/dev/stderr")));
        } else {
            at.inert();
        }
    }
}
