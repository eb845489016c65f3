package dev.sluice.control.orchestrate;

import dev.sluice.contract.VersionName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.StaleVersions;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.path.ChangePath;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Says of each version that is in use past its end, once, that it is, so that people are told. It
 * keeps no state of its own but which command is under way. {@link #tick} is called by one thread
 * at a time.
 */
public final class VersionEnds {
    private final ChangePath path;
    private final InstantSource clock;
    private final Map<VersionName, CompletableFuture<?>> underWay = new HashMap<>();

    public VersionEnds(ChangePath path, InstantSource clock) {
        this.path = path;
        this.clock = clock;
    }

    /** Looks at every version; to be called every second or so. */
    public void tick() {
        Catalog catalog = path.feed().latest();
        Instant now = clock.instant();
        underWay.values().removeIf(CompletableFuture::isDone);
        for (Version version : catalog.versions()) {
            if (!underWay.containsKey(version.name())
                    && StaleVersions.isToBeTold(catalog, version, now)) {
                underWay.put(
                        version.name(),
                        path.submit(
                                new Command.TellExpiry(version.name()),
                                CommandContext.of(Principal.ORCHESTRATOR, now)));
            }
        }
    }
}
