package dev.sluice.chaos.experiment;

import java.util.List;

/**
 * Reads faults on arms as far as it can be done before their variables have values: which fields
 * are there. What they say is read when the run is planned.
 */
final class ArmFaultReader {
    private static final List<String> REQUIRED =
            List.of("sidecars", "token", "gate", "arm", "fault");
    private static final List<String> KNOWN =
            List.of(
                    "name",
                    "sidecars",
                    "token",
                    "gate",
                    "arm",
                    "operations",
                    "operation_classes",
                    "endpoints",
                    "headers",
                    "share",
                    "unit",
                    "fault",
                    "requests",
                    "ttl",
                    "evidence",
                    "reason",
                    "at_least");

    private ArmFaultReader() {}

    static ArmFault read(Fields fault) {
        if (!fault.node().isObject()) {
            fault.wrong("a fault, which is an object");
        } else {
            fault.nothingBut(KNOWN);
            for (String name : REQUIRED) {
                if (!fault.has(name)) {
                    fault.problem("no '" + name + "'", "'" + name + "'", "add it");
                }
            }
        }
        return new ArmFault(fault.node(), fault.place());
    }
}
