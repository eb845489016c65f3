package dev.sluice.control.catalog;

import dev.sluice.contract.VersionName;
import java.time.Duration;

/**
 * Versions that nodes had once and may come back with, so that what they route to goes only after
 * their routes have moved on. Immutable.
 *
 * <p>One is forgotten after {@link #KEPT}, the longest {@code max_stale}: a Sluice node that was
 * away for longer serves nothing until it has all of the present state, so there is nothing that it
 * could still route to. A stock Envoy that was away for longer goes on serving, and may lose such a
 * cluster an instant before the route to it. Of more than {@link #MOST} the oldest are forgotten.
 *
 * @param byName as they were last
 */
record GoneVersions(PersistentMap<VersionName, Gone> byName) {
    static final Duration KEPT = Duration.ofDays(30);
    static final int MOST = 10_000;

    /** With one more, and without those that no node can come back with. */
    GoneVersions with(Gone gone) {
        VersionName name = gone.spec().name();
        PersistentMap<VersionName, Gone> kept =
                byName.with(name, gone.and(byName.get(name).filter(old -> isRecent(old, gone))));
        Gone oldest = gone;
        for (Gone other : byName.values()) {
            if (!other.spec().name().equals(name)) {
                kept = isRecent(other, gone) ? kept : kept.without(other.spec().name());
                oldest = other.seq() < oldest.seq() ? other : oldest;
            }
        }
        return new GoneVersions(kept.size() > MOST ? kept.without(oldest.spec().name()) : kept);
    }

    private static boolean isRecent(Gone other, Gone now) {
        return other.time().plus(KEPT).isAfter(now.time());
    }
}
