package dev.sluice.proxy.resource;

import java.util.List;

/**
 * A resource that was accepted. Immutable.
 *
 * @param name as the management server knows it
 * @param spec what it says
 * @param inert paths of what it says without effect, for {@code config_dump}
 */
public record Resource<T>(String name, T spec, List<String> inert) {
    public Resource {
        inert = List.copyOf(inert);
    }
}
