package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.GateCaller;
import dev.sluice.admin.v1.ListGateCallersResponse;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.function.Supplier;

/**
 * Answers who calls the arms of a gate. Thread-safe.
 *
 * @param fleet what nodes have told by now
 */
public record GateCallers(Supplier<FleetReport> fleet, InstantSource clock) {
    private static final Comparator<CallerCounts> ORDER =
            Comparator.<CallerCounts, Arm>comparing(calls -> calls.caller().arm())
                    .thenComparing(CallerCounts::last, Comparator.reverseOrder());

    ListGateCallersResponse of(GateState gate, Catalog catalog) {
        FleetReport report = fleet.get();
        var answer = ListGateCallersResponse.newBuilder();
        report.callers().apply(gate.name()).stream()
                .sorted(ORDER)
                .forEach(calls -> answer.addCallers(write(calls)));
        for (Arm arm : Arm.values()) {
            VersionName.parse(gate.content().cluster(arm))
                    .toOptional()
                    .ifPresent(version ->
                            report.silentBeside(catalog, version, clock.instant())
                                    .forEach(node -> answer.addSilentNodes(node.name())));
        }
        return answer.build();
    }

    private static GateCaller write(CallerCounts calls) {
        var message =
                GateCaller.newBuilder()
                        .setArm(
                                switch (calls.caller().arm()) {
                                    case LEGACY -> dev.sluice.gate.v1.Arm.LEGACY;
                                    case NEW -> dev.sluice.gate.v1.Arm.NEW;
                                })
                        .setOperation(calls.caller().operation())
                        .setRequests(calls.requests())
                        .setRefused(calls.refused())
                        .setLastTime(Times.write(calls.last()));
        return switch (calls.caller().who()) {
            case Who.Named(String identity, String service) ->
                    message.setIdentity(identity).setService(service).build();
            case Who.Others() -> message.setOthers(true).build();
        };
    }
}
