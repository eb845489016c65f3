package dev.sluice.control.snapshot;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Small structures in words: {@code of(7, "CLUSTER a=1 b=1", "ROUTE r=1")}. */
public final class Structures {
    private Structures() {}

    /**
     * A structure as of a place of the log.
     *
     * @param types each a type and resources as {@code name=content}; every resource is a cluster
     *     message of that name, whatever its type
     */
    public static Structure of(long seq, String... types) {
        Map<ResourceType, ResourceSet> sets = new EnumMap<>(ResourceType.class);
        for (String type : types) {
            String[] words = type.split(" ", -1);
            List<Versioned> resources = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                String[] resource = words[i].split("=", 2);
                resources.add(resource(resource[0], resource[1]));
            }
            sets.put(ResourceType.valueOf(words[0]), ResourceSet.of(resources));
        }
        return new Structure(seq, sets);
    }

    /** The version of a resource of {@link #of}. */
    public static String version(String name, String content) {
        return resource(name, content).version();
    }

    private static Versioned resource(String name, String content) {
        return Versioned.of(
                name, Cluster.newBuilder().setName(name).setAltStatName(content).build());
    }
}
