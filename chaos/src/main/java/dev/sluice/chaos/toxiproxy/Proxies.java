package dev.sluice.chaos.toxiproxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All proxies of a server, by name. Owned by the API thread. */
final class Proxies {
    private final TreeMap<String, Proxy> byName = new TreeMap<>();
    private final Shared shared;

    Proxies(Shared shared) {
        this.shared = shared;
    }

    /**
     * What a populate call did.
     *
     * @param done the proxies that are as asked, in the order of the call; nothing when none was
     *     tried
     * @param refused why it stopped
     */
    record Populated(Optional<List<Proxy>> done, Optional<Refused> refused) {}

    private record Wanted(String name, String listen, String upstream, boolean enabled) {}

    /** In the order of their names. */
    Collection<Proxy> all() {
        return byName.values();
    }

    Proxy get(String name) throws Refused {
        Proxy proxy = byName.get(name);
        if (proxy == null) {
            throw new Refused(Refused.Reason.PROXY_NOT_FOUND);
        }
        return proxy;
    }

    Proxy create(Body body) throws Refused {
        Wanted wanted = wanted(body, "");
        if (byName.containsKey(wanted.name())) {
            throw new Refused(Refused.Reason.PROXY_EXISTS);
        }
        return start(wanted);
    }

    void remove(String name) throws Refused {
        get(name).disable();
        byName.remove(name);
    }

    /** Enables every proxy and takes all toxics away. */
    void reset() throws Refused {
        for (Proxy proxy : all()) {
            proxy.enable();
            proxy.change(ProxyToxics.NONE);
        }
    }

    /** Disables and forgets every proxy. */
    void clear() {
        all().forEach(Proxy::disable);
        byName.clear();
    }

    /**
     * Creates the proxies of a list, or replaces those whose addresses differ. Nothing is done when
     * an entry lacks a name or an upstream; a failure later keeps what was done before it.
     */
    Populated populate(String text) {
        List<Wanted> wanted;
        try {
            wanted = wanted(Body.first(text));
        } catch (Refused refused) {
            return new Populated(Optional.empty(), Optional.of(refused));
        }
        List<Proxy> done = new ArrayList<>();
        for (Wanted next : wanted) {
            try {
                done.add(createOrReplace(next));
            } catch (Refused refused) {
                return new Populated(Optional.of(done), Optional.of(refused));
            }
        }
        return new Populated(Optional.of(done), Optional.empty());
    }

    private static List<Wanted> wanted(JsonNode list) throws Refused {
        if (!list.isArray()) {
            throw new Refused(
                    Refused.Reason.BAD_BODY,
                    "the body: " + list.getNodeType() + " (expected an array of proxies)");
        }
        List<Body> entries = new ArrayList<>();
        for (JsonNode entry : list) {
            entries.add(Body.object(entry));
        }
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            wanted.add(wanted(entries.get(i), " at proxy " + (i + 1)));
        }
        return wanted;
    }

    private static Wanted wanted(Body body, String where) throws Refused {
        String name = body.text("name").orElse("");
        String listen = body.text("listen").orElse("");
        String upstream = body.text("upstream").orElse("");
        boolean enabled = body.truth("enabled").orElse(true);
        if (name.isEmpty()) {
            throw new Refused(Refused.Reason.MISSING_FIELD, "name" + where);
        }
        if (upstream.isEmpty()) {
            throw new Refused(Refused.Reason.MISSING_FIELD, "upstream" + where);
        }
        return new Wanted(name, listen, upstream, enabled);
    }

    private Proxy createOrReplace(Wanted wanted) throws Refused {
        @Nullable Proxy existing = byName.get(wanted.name());
        if (existing != null) {
            if (!existing.differs(wanted.listen(), wanted.upstream())) {
                return existing;
            }
            if (!existing.differs(wanted.listen(), existing.upstream())) {
                existing.change(ProxyToxics.NONE);
                existing.update(wanted.listen(), wanted.upstream(), wanted.enabled());
                return existing;
            }
            existing.disable();
        }
        return start(wanted);
    }

    private Proxy start(Wanted wanted) throws Refused {
        Proxy proxy = new Proxy(wanted.name(), wanted.listen(), wanted.upstream(), shared);
        if (wanted.enabled()) {
            proxy.enable();
        }
        byName.put(wanted.name(), proxy);
        return proxy;
    }
}
