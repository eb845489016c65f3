package dev.sluice.control.audit;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.ResourceChange;
import dev.sluice.control.change.Digest;
import java.util.List;
import java.util.Optional;

/**
 * A resource that an event changed, by the digests of its content. They are computed from the log
 * and stand nowhere: who has the log has them, and who changed one would have to change the other.
 * Immutable.
 *
 * @param name its full name
 * @param before empty when it was not there
 * @param after empty when it is gone
 */
public record ChangedResource(String name, Optional<Digest> before, Optional<Digest> after) {

    /**
     * What is other in a state than in the one before it. A resource of which only its history or
     * its etag is another is not among them.
     */
    public static List<ChangedResource> between(Catalog before, Catalog after) {
        return ResourceChange.between(before, after).stream()
                .map(change ->
                        new ChangedResource(
                                change.name(),
                                change.before().map(ContentDigest::of),
                                change.after().map(ContentDigest::of)))
                .filter(change -> !change.before().equals(change.after()))
                .toList();
    }
}
