package dev.sluice.control.cli;

import java.util.List;

/**
 * One page of a list. Immutable.
 *
 * @param nextPageToken empty on the last page
 */
record Listing<R>(List<R> resources, String nextPageToken) {
    Listing {
        resources = List.copyOf(resources);
    }
}
