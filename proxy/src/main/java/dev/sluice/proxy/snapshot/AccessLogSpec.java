package dev.sluice.proxy.snapshot;

/**
 * Where access log lines go. Immutable.
 *
 * @param path file, or {@code /dev/stdout}
 */
public record AccessLogSpec(String path) {}
