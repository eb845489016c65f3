package dev.sluice.proxy.xds;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The resources of one answer, read. Immutable.
 *
 * @param read those that can be accepted, by name
 * @param faults those that can't
 */
record ReadAnswer(Map<String, Accepted> read, List<Fault> faults) {
    /** A resource that can't be accepted, and why. */
    record Fault(Received received, List<Problem> problems) {}

    static ReadAnswer of(ResourceKind kind, Collection<Received> resources) {
        Map<String, Accepted> read = new TreeMap<>();
        List<Fault> faults = new ArrayList<>();
        for (Received received : resources) {
            switch (ResourceReader.read(kind, received)) {
                case Parsed.Ok<Accepted>(Accepted accepted) -> {
                    if (read.put(accepted.name(), accepted) != null) {
                        faults.add(new Fault(received, List.of(twice(kind, accepted))));
                    }
                }
                case Parsed.Refused<Accepted> refused ->
                        faults.add(new Fault(received, refused.problems()));
            }
        }
        return new ReadAnswer(read, faults);
    }

    private static Problem twice(ResourceKind kind, Accepted accepted) {
        return new Problem(
                kind.what() + " " + accepted.name(),
                "the name twice in one answer",
                "each name once",
                "leave one of them out");
    }

    /** Every problem; none: the answer can be taken. */
    List<Problem> problems() {
        return faults.stream().flatMap(fault -> fault.problems().stream()).toList();
    }
}
