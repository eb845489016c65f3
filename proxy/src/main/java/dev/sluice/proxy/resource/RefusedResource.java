package dev.sluice.proxy.resource;

import com.google.protobuf.Any;
import java.time.Instant;

/**
 * A resource of a management server that was refused, and not accepted since. Immutable.
 *
 * @param typeUrl of its kind, whatever the content says
 * @param name its own; empty where none could be read
 * @param version as the stream said it
 * @param content packed; holds whatever is secret in it; the default instance: it was not kept
 * @param attempted when it came
 * @param details every problem, as a text
 */
public record RefusedResource(
        String typeUrl,
        String name,
        String version,
        Any content,
        Instant attempted,
        String details) {
    /** Without what may be secret. */
    @Override
    public String toString() {
        return name + "@" + version + " refused";
    }
}
