package dev.sluice.control.catalog;

import dev.sluice.control.change.LoggedEvent;
import java.time.Instant;

/**
 * When a resource was made and last changed, and the tag of its present content. Immutable.
 *
 * @param etag 16 hex digits of the hash of the event that made the present content, which covers
 *     the content and all history before it: equal on every replica, never equal again
 * @param seq of that event
 */
public record Meta(Instant createTime, Instant updateTime, String etag, long seq) {
    static Meta created(LoggedEvent by) {
        Instant time = by.stamp().time();
        return new Meta(time, time, by.hash().brief(), by.seq());
    }

    Meta changed(LoggedEvent by) {
        return new Meta(createTime, by.stamp().time(), by.hash().brief(), by.seq());
    }
}
