package dev.sluice.proxy.resource;

import dev.sluice.contract.Problem;
import java.util.HashMap;
import java.util.Map;

/** Finds names that are given twice among siblings. For one thread. */
final class Names {
    private final String kind;
    private final Map<String, String> firstPlaces = new HashMap<>();

    /**
     * @param kind what is named, such as {@code listener}
     */
    Names(String kind) {
        this.kind = kind;
    }

    /** Adds a problem when the name was taken before. */
    void take(String name, Spot at) {
        String first = firstPlaces.putIfAbsent(name, at.problems().path());
        if (first != null) {
            at.add(
                    kind + " " + Problem.quote(name) + " a second time, first at " + first,
                    "each " + kind + " once",
                    "rename or remove one of the two");
        }
    }
}
