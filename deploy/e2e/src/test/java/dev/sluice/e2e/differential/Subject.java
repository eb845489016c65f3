package dev.sluice.e2e.differential;

import static java.util.Objects.requireNonNull;

import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A proxy under test with upstreams of its own. Owned by one thread. */
final class Subject implements AutoCloseable {
    private final Upstreams upstreams = new Upstreams();
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, Secured> secured = new HashMap<>();
    private final Spawned process;

    private Subject(Corpus corpus, Path bootstrap, Secured.Identity identity, Start start)
            throws IOException {
        for (Corpus.Group group : corpus.groups()) {
            ports.put(group.name(), Spawned.freePort());
            if (group.secure()) {
                secured.put(group.name(), Secured.before(portOf(group.name()), identity));
            }
        }
        int nobody = Spawned.freePort();
        Files.writeString(
                bootstrap,
                Bootstrap.yaml(
                        corpus,
                        this::portOf,
                        cluster -> cluster.equals("dead") ? nobody : upstreams.port(cluster),
                        identity.server()));
        process = start.with(bootstrap);
    }

    /** Starts a proxy on a bootstrap file. */
    @FunctionalInterface
    interface Start {
        Spawned with(Path bootstrap) throws IOException;
    }

    static Subject start(Corpus corpus, Path bootstrap, Secured.Identity identity, Start start)
            throws IOException {
        Subject subject = new Subject(corpus, bootstrap, identity, start);
        subject.process.awaitReady();
        return subject;
    }

    /** Tries all cases, one after the other. */
    Map<String, Observation> observe(Corpus corpus) {
        Map<String, Supplier<Observation>> seen = new LinkedHashMap<>();
        for (Corpus.Group group : corpus.groups()) {
            for (Case tried : group.cases()) {
                seen.put(tried.id(), observe(tried));
            }
        }
        Map<String, Observation> observations = new LinkedHashMap<>();
        seen.forEach((id, observation) -> observations.put(id, observation.get()));
        return observations;
    }

    private Supplier<Observation> observe(Case tried) {
        upstreams.begin(tried.answers(), tried.arrivals());
        try {
            Clients.Seen seen = Clients.play(tried.sent(), portForClients(tried.group()));
            List<String> arrived = upstreams.arrived();
            return () ->
                    new Observation(
                            seen.status(),
                            seen.headers(),
                            seen.body(),
                            List.of(seen.end().get()),
                            arrived,
                            List.of());
        } catch (AssertionError e) {
            List<String> failed = new ArrayList<>(List.of("failed: " + e));
            return () ->
                    new Observation(failed, List.of(), List.of(), List.of(), List.of(), List.of());
        }
    }

    private int portForClients(String group) {
        Secured tls = secured.get(group);
        return tls == null ? portOf(group) : tls.port();
    }

    private int portOf(String group) {
        return requireNonNull(ports.get(group), group);
    }

    /** Ends it, by which it writes what it still holds; all that it said. */
    List<String> end() {
        return process.finish();
    }

    @Override
    public void close() {
        secured.values().forEach(Secured::close);
        process.close();
        upstreams.close();
    }
}
