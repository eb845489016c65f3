package dev.sluice.proxy.resource.read;

import dev.sluice.contract.Problem;
import java.util.HashMap;
import java.util.Map;

/** Finds names that are given twice among siblings. For one thread. */
public final class Names {
    private final String kind;
    private final Map<String, String> firstPlaces = new HashMap<>();

    /**
     * @param kind what is named, such as {@code listener}
     */
    public Names(String kind) {
        this.kind = kind;
    }

    /** Adds a problem when the name was taken before. */
    public void take(String name, Spot at) {
        String first = firstPlaces.putIfAbsent(name, at.problems().path());
        if (first != null) {
            at.add(
                    kind + " " + Problem.quote(name) + " a second time, first at " + first,
                    "each " + kind + " once",
                    "rename or remove one of the two");
        }
    }
}
