package dev.sluice.proxy.resource;

import java.util.List;

/**
 * A resource that was accepted. Immutable.
 *
 * @param name as the management server knows it
 * @param spec what it says
 * @param inert paths of what it says without effect, for people
 * @param holdsKey a private key stands in it, so that no disk may remember it
 */
public record Resource<T>(String name, T spec, List<String> inert, boolean holdsKey) {
    public Resource {
        inert = List.copyOf(inert);
    }
}
