package dev.sluice.control.cli.resource;

import java.util.List;

/**
 * One page of a list. Immutable.
 *
 * @param nextPageToken empty on the last page
 */
public record Listing<R>(List<R> resources, String nextPageToken) {
    public Listing {
        resources = List.copyOf(resources);
    }
}
