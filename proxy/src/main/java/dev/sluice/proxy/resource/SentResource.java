package dev.sluice.proxy.resource;

import com.google.protobuf.Any;
import java.time.Instant;

/**
 * A resource of a management server that was accepted, as it came. Immutable.
 *
 * @param name its own
 * @param version as the stream said it
 * @param content packed; holds whatever is secret in it
 * @param updated when this content was accepted; the same content again changes nothing
 */
public record SentResource(String name, String version, Any content, Instant updated) {
    /** Without what may be secret. */
    @Override
    public String toString() {
        return name + "@" + version;
    }
}
