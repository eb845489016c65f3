package dev.sluice.control.snapshot;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Small structures in words: {@code of(7, "CLUSTER a=1 b=1", "ROUTE r=1>a")}, where the route table
 * {@code r} of content {@code 1} names the cluster {@code a}.
 */
public final class Structures {
    private Structures() {}

    /**
     * A structure as of a place of the log.
     *
     * @param types each a type and resources as {@code name=content}, with {@code >} and what they
     *     name, joined by {@code +}; every resource is a cluster message of that name, whatever its
     *     type
     */
    public static Structure of(long seq, String... types) {
        Map<ResourceType, ResourceSet> sets = new EnumMap<>(ResourceType.class);
        for (String type : types) {
            String[] words = type.split(" ", -1);
            List<Versioned> resources = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                String[] resource = words[i].split("=", 2);
                resources.add(resource(ResourceType.valueOf(words[0]), resource[0], resource[1]));
            }
            sets.put(ResourceType.valueOf(words[0]), ResourceSet.of(resources));
        }
        return new Structure(0, seq, sets, List.of());
    }

    /** The same as of another place of the log. */
    public static Structure at(long seq, Structure structure) {
        return new Structure(structure.epoch(), seq, structure.sets(), structure.former());
    }

    /** The same in a later life of the log. */
    public static Structure ofEpoch(long epoch, Structure structure) {
        return new Structure(epoch, structure.seq(), structure.sets(), structure.former());
    }

    /** The same, of a node that once had these too: each a place of the log, a type, a resource. */
    public static Structure withFormer(Structure structure, String... former) {
        List<Former> all = new ArrayList<>();
        for (String text : former) {
            String[] words = text.split(" ", 3);
            ResourceType type = ResourceType.valueOf(words[1]);
            String[] resource = words[2].split("=", 2);
            all.add(
                    new Former(
                            Long.parseLong(words[0]),
                            type,
                            resource(type, resource[0], resource[1])));
        }
        return new Structure(structure.epoch(), structure.seq(), structure.sets(), all);
    }

    /** Whether both say the same, whenever they were rendered. */
    public static boolean sameContent(Structure one, Structure other) {
        return one.sets().equals(other.sets());
    }

    /** The version of a resource of {@link #of}. */
    public static String version(String name, String content) {
        return resource(ResourceType.ENDPOINT, name, content).version();
    }

    /** The content of a resource of {@link #of}. */
    static String content(Versioned resource) {
        return ((Cluster) resource.message()).getAltStatName();
    }

    private static Versioned resource(ResourceType type, String name, String content) {
        String[] parts = content.split(">", 2);
        Versioned plain =
                Versioned.of(
                        name, Cluster.newBuilder().setName(name).setAltStatName(parts[0]).build());
        if (parts.length == 1) {
            return plain;
        }
        Set<Reference> named =
                Arrays.stream(parts[1].split("\\+", -1))
                        .map(other -> new Reference(uses(type), other))
                        .collect(Collectors.toSet());
        return new Versioned(name, plain.version(), plain.message(), named);
    }

    private static ResourceType uses(ResourceType type) {
        return switch (type) {
            case LISTENER -> ResourceType.ROUTE;
            case ROUTE -> ResourceType.CLUSTER;
            case CLUSTER, ENDPOINT -> ResourceType.ENDPOINT;
        };
    }
}
