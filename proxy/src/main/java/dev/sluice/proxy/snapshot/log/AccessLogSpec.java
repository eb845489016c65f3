package dev.sluice.proxy.snapshot.log;

import java.util.List;
import java.util.Optional;

/**
 * One access log of a listener. Immutable.
 *
 * @param path file, or {@code /dev/stdout} or {@code /dev/stderr}
 * @param format of its lines
 * @param filter which exchanges get a line; absent: all
 */
public record AccessLogSpec(String path, LogFormat format, Optional<LogFilter> filter) {
    /** The fields that these logs ask for. */
    public static LogNeeds needs(List<AccessLogSpec> logs) {
        return logs.isEmpty()
                ? LogNeeds.NONE
                : LogNeeds.of(
                        logs.stream().map(AccessLogSpec::format).toList(),
                        logs.stream().flatMap(log -> log.filter().stream()).toList());
    }
}
