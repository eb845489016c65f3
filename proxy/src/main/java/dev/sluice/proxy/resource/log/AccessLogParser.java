package dev.sluice.proxy.resource.log;

import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import dev.sluice.proxy.snapshot.log.LogFilter;
import dev.sluice.proxy.snapshot.log.LogFormat;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads access logs: files and the standard streams are written, with their formats and filters;
 * other loggers are inert. Stateless.
 */
public final class AccessLogParser {
    private static final String FILE = FileAccessLog.getDescriptor().getFullName();
    private static final String STDOUT = StdoutAccessLog.getDescriptor().getFullName();
    private static final String STDERR = StderrAccessLog.getDescriptor().getFullName();

    private AccessLogParser() {}

    /** Every access log that can be read; what cannot is a problem. */
    public static List<AccessLogSpec> parse(List<AccessLog> protos, Spot at) {
        List<AccessLogSpec> logs = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            log(protos.get(i), at.index(i)).ifPresent(logs::add);
        }
        return logs;
    }

    private static Optional<AccessLogSpec> log(AccessLog proto, Spot at) {
        Optional<LogFilter> filter =
                proto.hasFilter()
                        ? LogFilterParser.parse(proto.getFilter(), at.field("filter"))
                        : Optional.empty();
        Spot spot = at.field("typed_config");
        return Extensions.config(proto.getTypedConfig(), spot)
                .flatMap(config -> log(config, filter, spot));
    }

    private static Optional<AccessLogSpec> log(
            Extensions.Config config, Optional<LogFilter> filter, Spot at) {
        String type = config.type();
        if (type.equals(FILE)) {
            return Extensions.open(config, FileAccessLog.getDefaultInstance(), at)
                    .map(file ->
                            new AccessLogSpec(
                                    Values.text(file.getPath(), at.field("path")),
                                    LogFormatParser.parse(file, at),
                                    filter));
        }
        if (type.equals(STDOUT)) {
            return Extensions.open(config, StdoutAccessLog.getDefaultInstance(), at)
                    .map(out -> format(out.hasLogFormat(), out.getLogFormat(), at))
                    .map(format -> new AccessLogSpec("/dev/stdout", format, filter));
        }
        if (type.equals(STDERR)) {
            return Extensions.open(config, StderrAccessLog.getDefaultInstance(), at)
                    .map(err -> format(err.hasLogFormat(), err.getLogFormat(), at))
                    .map(format -> new AccessLogSpec("/dev/stderr", format, filter));
        }
        at.inert();
        return Optional.empty();
    }

    private static LogFormat format(boolean written, SubstitutionFormatString proto, Spot at) {
        return written
                ? LogFormatParser.parse(proto, at.field("log_format"))
                : LogFormatParser.standard();
    }
}
